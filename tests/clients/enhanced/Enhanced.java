import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.Expression;
import software.amazon.awssdk.enhanced.dynamodb.Key;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.extensions.annotations.DynamoDbVersionAttribute;
import software.amazon.awssdk.enhanced.dynamodb.mapper.annotations.DynamoDbBean;
import software.amazon.awssdk.enhanced.dynamodb.mapper.annotations.DynamoDbPartitionKey;
import software.amazon.awssdk.enhanced.dynamodb.mapper.annotations.DynamoDbSecondaryPartitionKey;
import software.amazon.awssdk.enhanced.dynamodb.mapper.annotations.DynamoDbSecondarySortKey;
import software.amazon.awssdk.enhanced.dynamodb.mapper.annotations.DynamoDbSortKey;
import software.amazon.awssdk.enhanced.dynamodb.model.BatchWriteItemEnhancedRequest;
import software.amazon.awssdk.enhanced.dynamodb.model.EnhancedGlobalSecondaryIndex;
import software.amazon.awssdk.enhanced.dynamodb.model.QueryConditional;
import software.amazon.awssdk.enhanced.dynamodb.model.WriteBatch;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** A small program on the enhanced client. Run by more.sh, which sets SKYRIG to the binary. */
public class Enhanced {
    @DynamoDbBean
    public static class Order {
        private String customer;
        private Integer number;
        private String status;
        private Long total;
        private Set<String> tags;
        private List<String> lines;
        private Map<String, String> note;
        private Long version;

        @DynamoDbPartitionKey
        public String getCustomer() { return customer; }
        public void setCustomer(String customer) { this.customer = customer; }

        @DynamoDbSortKey
        public Integer getNumber() { return number; }
        public void setNumber(Integer number) { this.number = number; }

        @DynamoDbSecondaryPartitionKey(indexNames = "by-status")
        public String getStatus() { return status; }
        public void setStatus(String status) { this.status = status; }

        @DynamoDbSecondarySortKey(indexNames = "by-status")
        public Long getTotal() { return total; }
        public void setTotal(Long total) { this.total = total; }

        public Set<String> getTags() { return tags; }
        public void setTags(Set<String> tags) { this.tags = tags; }
        public List<String> getLines() { return lines; }
        public void setLines(List<String> lines) { this.lines = lines; }
        public Map<String, String> getNote() { return note; }
        public void setNote(Map<String, String> note) { this.note = note; }

        @DynamoDbVersionAttribute
        public Long getVersion() { return version; }
        public void setVersion(Long version) { this.version = version; }
    }

    static Order order(String customer, int number, String status, long total) {
        Order order = new Order();
        order.setCustomer(customer);
        order.setNumber(number);
        order.setStatus(status);
        order.setTotal(total);
        order.setTags(Set.of("a", "b"));
        order.setLines(List.of("x", "y"));
        order.setNote(Map.of("k", "v"));
        return order;
    }

    static void equal(Object found, Object wanted) {
        if (!found.equals(wanted)) {
            throw new AssertionError(found + " is not " + wanted);
        }
    }

    static <E extends Exception> void refused(Class<E> kind, Runnable act) {
        try {
            act.run();
        } catch (RuntimeException error) {
            if (kind.isInstance(error)) {
                return;
            }
            throw error;
        }
        throw new AssertionError("it was not refused");
    }

    static Key key(String customer, int number) {
        return Key.builder().partitionValue(customer).sortValue(number).build();
    }

    public static void main(String[] arguments) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(System.getenv("SKYRIG"), "serve", "--listen", "127.0.0.1:0");
        Process server = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(server.getInputStream()));
            String line = lines.readLine();
            String address = line.replaceAll(".*(http://[0-9.:]+).*", "$1");
            run(URI.create(address));
        } finally {
            server.destroy();
            server.waitFor();
        }
        System.out.println("enhanced client: everything is as it should be");
    }

    static void run(URI address) {
        DynamoDbClient plain = DynamoDbClient.builder()
                .endpointOverride(address)
                .region(Region.US_EAST_1)
                .httpClient(UrlConnectionHttpClient.create())
                .build();
        DynamoDbEnhancedClient client =
                DynamoDbEnhancedClient.builder().dynamoDbClient(plain).build();
        DynamoDbTable<Order> orders = client.table("orders", TableSchema.fromBean(Order.class));
        refused(ResourceNotFoundException.class, () -> orders.getItem(key("a", 1)));
        EnhancedGlobalSecondaryIndex byStatus = EnhancedGlobalSecondaryIndex.builder()
                .indexName("by-status")
                .projection(it -> it.projectionType(ProjectionType.ALL))
                .build();
        orders.createTable(request -> request.globalSecondaryIndices(byStatus));
        plain.waiter().waitUntilTableExists(it -> it.tableName("orders"));

        orders.putItem(order("a", 1, "new", 10));
        Order found = orders.getItem(key("a", 1));
        equal(found.getVersion(), 1L);
        equal(found.getTags(), Set.of("a", "b"));
        equal(found.getNote(), Map.of("k", "v"));
        found.setTotal(20L);
        equal(orders.updateItem(found).getVersion(), 2L);
        // It was read before the last change.
        refused(ConditionalCheckFailedException.class, () -> orders.updateItem(found));

        for (int number = 2; number <= 11; number++) {
            orders.putItem(order("a", number, number % 2 == 0 ? "paid" : "new", number * 10));
        }
        // Puts with versions have conditions, which batches cannot have.
        WriteBatch.Builder<Order> batch = WriteBatch.builder(Order.class).mappedTableResource(orders);
        batch.addDeleteItem(key("a", 10)).addDeleteItem(key("a", 11));
        BatchWriteItemEnhancedRequest writes =
                BatchWriteItemEnhancedRequest.builder().writeBatches(batch.build()).build();
        equal(client.batchWriteItem(writes).unprocessedDeleteItemsForTable(orders).size(), 0);

        QueryConditional from = QueryConditional.sortGreaterThanOrEqualTo(key("a", 5));
        List<Integer> numbers = orders.query(it -> it.queryConditional(from).limit(2)).items().stream()
                .map(Order::getNumber)
                .collect(Collectors.toList());
        equal(numbers, List.of(5, 6, 7, 8, 9));
        QueryConditional paid =
                QueryConditional.keyEqualTo(Key.builder().partitionValue("paid").build());
        List<Long> totals = orders.index("by-status").query(it -> it.queryConditional(paid).scanIndexForward(false))
                .stream()
                .flatMap(page -> page.items().stream())
                .map(Order::getTotal)
                .collect(Collectors.toList());
        equal(totals, List.of(80L, 60L, 40L, 20L));
        Expression cheap = Expression.builder()
                .expression("#t < :t")
                .putExpressionName("#t", "total")
                .putExpressionValue(":t", AttributeValue.fromN("30"))
                .build();
        equal(orders.scan(it -> it.filterExpression(cheap)).items().stream().count(), 2L);

        Expression isNew = Expression.builder()
                .expression("attribute_not_exists(customer)")
                .build();
        client.transactWriteItems(it -> it
                .addPutItem(orders, order("b", 1, "new", 1))
                .addDeleteItem(orders, key("a", 9)));
        refused(TransactionCanceledException.class, () -> client.transactWriteItems(it -> it
                .addConditionCheck(orders, check -> check.key(key("b", 1)).conditionExpression(isNew))
                .addDeleteItem(orders, key("a", 8))));
        equal(client.transactGetItems(it -> it.addGetItem(orders, key("a", 8)).addGetItem(orders, key("a", 9)))
                .stream().filter(document -> document.getItem(orders) != null).count(), 1L);
        orders.deleteTable();
        plain.waiter().waitUntilTableNotExists(it -> it.tableName("orders"));
    }
}
