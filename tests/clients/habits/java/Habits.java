import com.amazon.sqs.javamessaging.ProviderConfiguration;
import com.amazon.sqs.javamessaging.SQSConnectionFactory;
import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.dynamodbv2.AmazonDynamoDB;
import com.amazonaws.services.dynamodbv2.AmazonDynamoDBClientBuilder;
import com.amazonaws.services.dynamodbv2.datamodeling.DynamoDBAttribute;
import com.amazonaws.services.dynamodbv2.datamodeling.DynamoDBHashKey;
import com.amazonaws.services.dynamodbv2.datamodeling.DynamoDBMapper;
import com.amazonaws.services.dynamodbv2.datamodeling.DynamoDBQueryExpression;
import com.amazonaws.services.dynamodbv2.datamodeling.DynamoDBRangeKey;
import com.amazonaws.services.dynamodbv2.datamodeling.DynamoDBTable;
import com.amazonaws.services.dynamodbv2.datamodeling.DynamoDBVersionAttribute;
import com.amazonaws.services.dynamodbv2.model.ConditionalCheckFailedException;
import com.amazonaws.services.dynamodbv2.model.ProvisionedThroughput;
import io.awspring.cloud.sqs.listener.SqsMessageListenerContainer;
import io.awspring.cloud.sqs.operations.SqsTemplate;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.net.URI;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Small programs on JMS, Spring Cloud AWS, Camel and DynamoDBMapper. Run by habits.sh, which sets AWS_ENDPOINT_URL. */
public class Habits {
    static final String ENDPOINT = System.getenv("AWS_ENDPOINT_URL");

    public static void main(String[] arguments) throws Exception {
        jms();
        spring();
        camel();
        mapper();
        System.exit(0);
    }

    static void same(Object expected, Object found) {
        if (!expected.equals(found)) {
            throw new AssertionError("expected: " + expected + ", but was: " + found);
        }
    }

    static void jms() throws Exception {
        var sqs = SqsClient.builder().endpointOverride(URI.create(ENDPOINT)).build();
        var factory = new SQSConnectionFactory(new ProviderConfiguration(), sqs);
        try (var connection = factory.createConnection()) {
            connection.getWrappedAmazonSQSClient().createQueue("jms");
            var session = connection.createSession(false, Session.CLIENT_ACKNOWLEDGE);
            var queue = session.createQueue("jms");
            var producer = session.createProducer(queue);
            var sent = session.createTextMessage("hello");
            sent.setIntProperty("priority", 7);
            producer.send(sent);
            connection.start();
            var received = (TextMessage) session.createConsumer(queue).receive(10_000);
            same("hello", received.getText());
            same(7, received.getIntProperty("priority"));
            received.acknowledge();
        }
        System.out.println("JMS: a message with a property was received and acknowledged");
    }

    static void spring() throws Exception {
        var sqs = SqsAsyncClient.builder().endpointOverride(URI.create(ENDPOINT)).build();
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        var container = SqsMessageListenerContainer.<String>builder()
            .sqsAsyncClient(sqs)
            .queueNames("spring")
            .messageListener(message -> received.add(message.getPayload()))
            .build();
        container.start();
        SqsTemplate.newTemplate(sqs).send(to -> to.queue("spring").payload("hello").header("a", "b"));
        same("hello", received.poll(30, TimeUnit.SECONDS));
        container.stop();
        System.out.println("Spring Cloud AWS: a listener made its queue and got a message");
    }

    static void camel() throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        try (var context = new DefaultCamelContext()) {
            var options = "?autoCreateQueue=true&region=us-east-1&accessKey=test&secretKey=test&waitTimeSeconds=1"
                + "&overrideEndpoint=true&uriEndpointOverride=" + ENDPOINT;
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:in").to("aws2-sqs://camel" + options);
                    from("aws2-sqs://camel" + options).process(it ->
                        received.add(it.getIn().getBody(String.class)));
                }
            });
            context.start();
            context.createProducerTemplate().sendBody("direct:in", "hello");
            same("hello", received.poll(30, TimeUnit.SECONDS));
        }
        System.out.println("Camel: a route made its queue and got a message");
    }

    @DynamoDBTable(tableName = "mapper")
    public static class Order {
        private String customer;
        private Integer number;
        private Long total;
        private Long version;

        @DynamoDBHashKey
        public String getCustomer() { return customer; }
        public void setCustomer(String customer) { this.customer = customer; }

        @DynamoDBRangeKey
        public Integer getNumber() { return number; }
        public void setNumber(Integer number) { this.number = number; }

        @DynamoDBAttribute
        public Long getTotal() { return total; }
        public void setTotal(Long total) { this.total = total; }

        @DynamoDBVersionAttribute
        public Long getVersion() { return version; }
        public void setVersion(Long version) { this.version = version; }

        static Order of(int number, long total) {
            var order = new Order();
            order.customer = "ann";
            order.number = number;
            order.total = total;
            return order;
        }
    }

    static void mapper() {
        AmazonDynamoDB client = AmazonDynamoDBClientBuilder.standard()
            .withEndpointConfiguration(new EndpointConfiguration(ENDPOINT, "us-east-1"))
            .withCredentials(new AWSStaticCredentialsProvider(new BasicAWSCredentials("test", "test")))
            .build();
        var mapper = new DynamoDBMapper(client);
        var request = mapper.generateCreateTableRequest(Order.class);
        client.createTable(request.withProvisionedThroughput(new ProvisionedThroughput(1L, 1L)));
        for (int number = 1; number <= 30; number++) {
            mapper.save(Order.of(number, number * 100L));
        }
        var wanted = new Order();
        wanted.setCustomer("ann");
        var query = new DynamoDBQueryExpression<Order>().withHashKeyValues(wanted).withLimit(7);
        same(30, mapper.query(Order.class, query).size());
        var first = mapper.load(Order.class, "ann", 1);
        same(1L, first.getVersion());
        var stale = mapper.load(Order.class, "ann", 1);
        first.setTotal(1L);
        mapper.save(first);
        same(2L, first.getVersion());
        try {
            mapper.save(stale);
            throw new AssertionError("a stale version was saved");
        } catch (ConditionalCheckFailedException expected) {
            // The other one was first.
        }
        mapper.batchDelete(first);
        same(true, mapper.load(Order.class, "ann", 1) == null);
        System.out.println("DynamoDBMapper: versions, pages and batches are kept");
    }
}
