package dev.skyrig.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Needs a skyrig at SKYRIG_ENDPOINT. */
@ExtendWith(WorldExtension.class)
class WorldTest {
    /** Asks SQS without an SDK. */
    private static String sqs(World world, String operation, String input) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(world.endpoint() + "/"))
                .header("x-amz-target", "AmazonSQS." + operation)
                .POST(BodyPublishers.ofString(input))
                .build();
        try {
            return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
        } catch (IOException | InterruptedException error) {
            throw new IllegalStateException(error);
        }
    }

    @Test
    void aTestHasAWorldOfItsOwn(World world) {
        String made = sqs(world, "CreateQueue", "{\"QueueName\":\"orders\"}");
        assertTrue(made.contains(world.endpoint() + "/000000000000/orders"), made);
        String later = "{\"QueueUrl\":\"orders\",\"MessageBody\":\"later\",\"DelaySeconds\":900}";
        sqs(world, "SendMessage", later);
        String receive = "{\"QueueUrl\":\"orders\"}";
        assertEquals("{}", sqs(world, "ReceiveMessage", receive));
        world.advance(Duration.ofSeconds(900));
        assertTrue(sqs(world, "ReceiveMessage", receive).contains("later"));
    }

    @Test
    void nothingIsLeftOfAnotherTest(World world) {
        assertFalse(sqs(world, "ListQueues", "{}").contains("orders"));
    }

    @Test
    void aWorldIsSavedForkedAndLoaded(World world) {
        sqs(world, "CreateQueue", "{\"QueueName\":\"one\"}");
        byte[] saved = world.save();
        try (World fork = world.fork()) {
            sqs(fork, "CreateQueue", "{\"QueueName\":\"two\"}");
            assertTrue(sqs(fork, "ListQueues", "{}").contains("two"));
            fork.load(saved);
            assertFalse(sqs(fork, "ListQueues", "{}").contains("two"));
            assertTrue(sqs(fork, "ListQueues", "{}").contains("one"));
        }
        assertFalse(sqs(world, "ListQueues", "{}").contains("two"));
    }

    @Test
    void refusalsAreTold(World world) {
        String endpoint = System.getenv("SKYRIG_ENDPOINT");
        assertThrows(SkyrigException.class, () -> World.make(endpoint, world.name(), "{}"));
        world.close();
        world.close();
    }

    @Test
    void worldsInParallel() {
        IntStream.range(0, 40).parallel().forEach(number -> {
            try (World world = World.make()) {
                sqs(world, "CreateQueue", "{\"QueueName\":\"orders\"}");
                sqs(world, "SendMessage", "{\"QueueUrl\":\"orders\",\"MessageBody\":\"m" + number + "\"}");
                assertTrue(sqs(world, "ReceiveMessage", "{\"QueueUrl\":\"orders\"}").contains("\"m" + number + "\""));
            }
        });
    }
}
