package io.skyrig.testcontainers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

class SkyrigContainerTest {
    @Test
    @SuppressWarnings("resource") // It is not started.
    void flagsFollowThoseThatMakeItReachable() {
        var container = new SkyrigContainer("skyrig:1").withFlags("--clock", "manual");
        var expected = List.of("serve", "--listen", "0.0.0.0:4566", "--clock", "manual");
        assertEquals(expected, container.command());
    }

    @Test
    @EnabledIfEnvironmentVariable(named = "SKYRIG_IMAGE", matches = ".+")
    void aContainerServesWhenItHasStarted() throws Exception {
        try (var skyrig = new SkyrigContainer().withFlags("--clock", "manual")) {
            skyrig.start();
            var clock = HttpRequest.newBuilder(skyrig.getEndpoint().resolve("/_skyrig/clock")).build();
            var answer = HttpClient.newHttpClient().send(clock, BodyHandlers.ofString());
            assertTrue(answer.body().contains("\"mode\":\"manual\""), answer.body());
        }
    }
}
