package io.skyrig.testcontainers;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** skyrig in a container. It has started when it says {@code Ready.}: then clients are served. */
public class SkyrigContainer extends GenericContainer<SkyrigContainer> {
    /** The port inside of the container. */
    public static final int PORT = 4566;

    private final List<String> flags = new ArrayList<>();

    /** The image {@code skyrig:0.1.0}, or what {@code SKYRIG_IMAGE} says. */
    public SkyrigContainer() {
        this(Optional.ofNullable(System.getenv("SKYRIG_IMAGE")).orElse("skyrig:0.1.0"));
    }

    public SkyrigContainer(String image) {
        super(DockerImageName.parse(image));
        addExposedPort(PORT);
        setWaitStrategy(Wait.forLogMessage("Ready\\.\\s*", 1));
    }

    /** More flags of {@code skyrig serve}. */
    public SkyrigContainer withFlags(String... more) {
        flags.addAll(List.of(more));
        return this;
    }

    /** The command inside of the container. */
    public List<String> command() {
        List<String> command = new ArrayList<>(List.of("serve", "--listen", "0.0.0.0:" + PORT));
        command.addAll(flags);
        return command;
    }

    @Override
    protected void configure() {
        setCommandParts(command().toArray(String[]::new));
    }

    /** What AWS's clients take as {@code endpointOverride}. */
    public URI getEndpoint() {
        return URI.create("http://" + getHost() + ":" + getMappedPort(PORT));
    }

    public String getRegion() {
        return "us-east-1";
    }

    /** Any key will do; twelve digits are the account. */
    public String getAccessKey() {
        return "test";
    }

    public String getSecretKey() {
        return "test";
    }
}
