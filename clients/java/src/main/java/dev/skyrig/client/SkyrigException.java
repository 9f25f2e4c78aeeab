package dev.skyrig.client;

/** What skyrig says of something that it does not do. */
public final class SkyrigException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SkyrigException(String message) {
        super(message);
    }
}
