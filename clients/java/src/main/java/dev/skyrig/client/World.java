package dev.skyrig.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/** A world of a skyrig that runs: a cloud with its own clock, faults and ids, of which others see nothing. */
public final class World implements AutoCloseable {
    private static final String DEFAULT_ENDPOINT = "http://127.0.0.1:4566";
    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String server;
    private final String name;

    private World(String server, String name) {
        this.server = server;
        this.name = name;
    }

    /** A new world where SKYRIG_ENDPOINT says, or at http://127.0.0.1:4566. */
    public static World make() {
        String given = System.getenv("SKYRIG_ENDPOINT");
        return make(given == null || given.isEmpty() ? DEFAULT_ENDPOINT : given, null, "{}");
    }

    /**
     * A new world.
     *
     * @param endpoint where skyrig is, such as {@code http://127.0.0.1:4566}
     * @param name 1 to 63 of a-z, 0-9 and -; null: it is drawn
     * @param settings JSON with {@code seed}, {@code clock} ({@code real} or {@code manual}) and {@code start},
     *     none of which need be there
     */
    public static World make(String endpoint, String name, String settings) {
        String server = endpoint.replaceAll("/+$", "");
        World world = new World(server, name == null ? "t-" + UUID.randomUUID() : name);
        world.send("POST", world.ownPage(), bytes(settings));
        return world;
    }

    public String name() {
        return name;
    }

    /** What clients of AWS's SDK take for their endpoint. */
    public URI endpoint() {
        return URI.create(server + "/w/" + name);
    }

    /** The access key id that means this world and an account of twelve digits; any secret goes with it. */
    public String accessKeyId(String account) {
        return name + "-" + account;
    }

    /** The variables with which any program of AWS's SDKs uses this world. */
    public Map<String, String> environment(String account, String region) {
        return Map.of(
                "AWS_ENDPOINT_URL", endpoint().toString(),
                "AWS_ACCESS_KEY_ID", accessKeyId(account),
                "AWS_SECRET_ACCESS_KEY", "skyrig",
                "AWS_REGION", region,
                "AWS_DEFAULT_REGION", region);
    }

    /** Moves virtual time on; what falls due on the way happens in order. */
    public void advance(Duration by) {
        page("POST", "clock", "{\"advance_seconds\":" + by.toMillis() / 1000.0 + "}");
    }

    /** Begins anew with nothing. */
    public void reset() {
        page("POST", "reset", "");
    }

    /** Another world that goes on as this one does now. */
    public World fork() {
        World fork = new World(server, "t-" + UUID.randomUUID());
        fork.send("POST", fork.ownPage() + "?from=" + name, new byte[0]);
        return fork;
    }

    /** The whole world as bytes. */
    public byte[] save() {
        return send("GET", endpoint() + "/_skyrig/snapshot", new byte[0]);
    }

    /** Puts what {@link #save} gave in the place of this world. */
    public void load(byte[] snapshot) {
        send("PUT", endpoint() + "/_skyrig/snapshot", snapshot);
    }

    /** Any page below {@code /_skyrig/} of this world, as JSON. */
    public String page(String method, String path, String document) {
        byte[] answer = send(method, endpoint() + "/_skyrig/" + path, bytes(document));
        return new String(answer, StandardCharsets.UTF_8);
    }

    /** Gives the world up; nothing of it stays. It may be gone already. */
    @Override
    public void close() {
        try {
            send("DELETE", ownPage(), new byte[0]);
        } catch (SkyrigException gone) {
            // Somebody gave it up before.
        }
    }

    private String ownPage() {
        return server + "/_skyrig/worlds/" + name;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private byte[] send(String method, String url, byte[] body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(WITHIN)
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
                .build();
        try {
            HttpResponse<byte[]> answer = HTTP.send(request, BodyHandlers.ofByteArray());
            if (answer.statusCode() / 100 == 2) {
                return answer.body();
            }
            String told = new String(answer.body(), StandardCharsets.UTF_8);
            throw new SkyrigException(method + " " + url + ": " + answer.statusCode() + ": " + told);
        } catch (IOException error) {
            throw new UncheckedIOException("nobody answers at " + url, error);
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
            throw new SkyrigException("interrupted while " + url + " was asked");
        }
    }
}
