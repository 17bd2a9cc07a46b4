package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.Await;
import dev.runnel.testkit.process.Child;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code replicate} serves at {@code addr}, while a real application writes. */
@Tag("slow")
final class MetricsTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Pattern SERVING = Pattern.compile("serving metrics on.*url=\"?(http://[^\" ]+)/metrics");

    /** A line of the text format; the label values of these tests need no escapes. */
    private static final Pattern SAMPLE = Pattern.compile(
            "([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{[a-z_]+=\"[^\"\\\\]*\"(?:,[a-z_]+=\"[^\"\\\\]*\")*})? (\\S+)");

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private Path database = Path.of("");
    private Path config = Path.of("");

    @BeforeEach
    void configure() throws IOException {
        database = folder.resolve("app.db");
        config = Files.writeString(folder.resolve("runnel.yml"), """
                addr: 127.0.0.1:0
                validation: {interval: 1s}
                dbs:
                  - path: %s
                    replica: {path: %s}
                """.formatted(database, folder.resolve("replica")));
    }

    @Test
    void theNumbersAreThoseOfTheDatabaseAndItsReplica() throws Exception {
        try (Child replicate = start();
                Application application = Application.start(database).orders(1, "before")) {
            String url = url(replicate);
            awaitMetric(url, "runnel_replica_lag_txids{db,replica}", 0);
            application.orders(20, "captured");
            awaitMetric(url, "litestream_total_wal_bytes{db}", 20 * 300);
            Map<String, Double> metrics = awaitMetric(url, "runnel_replica_lag_txids{db,replica}", 0);
            String db = "{db=\"" + database + "\"}";
            String replica = "{db=\"" + database + "\",replica=\"" + folder.resolve("replica") + "\"}";

            assertThat(metrics.get("litestream_db_size" + db)).isEqualTo((double) Files.size(database));
            assertThat(metrics.get("litestream_wal_size" + db))
                    .isEqualTo((double) Files.size(Path.of(database + "-wal")))
                    .isPositive();
            assertThat(metrics.get("litestream_txid" + db))
                    .isPositive()
                    .isEqualTo(metrics.get("runnel_replica_txid" + replica));
            assertThat(metrics.get("runnel_replica_lag_seconds" + replica)).isZero();
            assertThat(metrics.get("runnel_database_healthy" + db)).isEqualTo(1);
            assertThat(metrics.get("litestream_sync_count" + db)).isPositive();
            assertThat(metrics.get("litestream_sync_error_count" + db)).isZero();
            assertThat(metrics.get("litestream_replica_operation_total{replica_type=\"file\",operation=\"PUT\"}"))
                    .isGreaterThanOrEqualTo(1);
            assertThat(metrics.get("litestream_replica_operation_bytes{replica_type=\"file\",operation=\"PUT\"}"))
                    .isGreaterThan(20 * 300);
            assertThat(metrics.get("process_open_fds")).isGreaterThan(3);
            assertThat(metrics.get("process_resident_memory_bytes")).isGreaterThan(10 << 20);
            awaitMetric(url, "litestream_replica_validation_total{db,name,status=\"ok\"}", 1);
            assertThat(get(url + "/readyz").statusCode()).isEqualTo(200);
            assertThat(application.orders()).hasSize(21);
        }
    }

    @Test
    void whatFailsIsNamedUntilItWorks() throws Exception {
        try (Child replicate = start();
                Application application = Application.start(database).orders(1, "some")) {
            String url = url(replicate);
            awaitMetric(url, "runnel_replica_lag_txids{db,replica}", 0);
            Path aside = folder.resolve("aside");
            Files.move(folder.resolve("replica"), aside);
            Files.createFile(folder.resolve("replica"));
            application.orders(1, "more");
            Await.until("a failure", LIMIT, () -> status(url + "/healthz") == 503);
            assertThat(get(url + "/healthz").body()).startsWith(database + " at " + folder.resolve("replica") + ": ");
            Await.until(
                    "a lag",
                    LIMIT,
                    () -> values(url, "runnel_replica_lag_seconds").get(0) > 0);
            assertThat(values(url, "litestream_replica_operation_errors_total").stream()
                            .mapToDouble(each -> each)
                            .sum())
                    .isPositive();

            Files.delete(folder.resolve("replica"));
            Files.move(aside, folder.resolve("replica"));
            Await.until("health", LIMIT, () -> status(url + "/healthz") == 200);
            awaitMetric(url, "runnel_replica_lag_seconds{db,replica}", 0);
        }
    }

    @Test
    void onlyReadingIsServed() throws Exception {
        try (Child replicate = start()) {
            String url = url(replicate);
            assertThat(get(url + "/").statusCode()).isEqualTo(404);
            HttpRequest post = HttpRequest.newBuilder(URI.create(url + "/metrics"))
                    .POST(HttpRequest.BodyPublishers.ofString("x"))
                    .build();
            assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(405);
        }
    }

    /** The database is followed all the same. */
    @Test
    void aPortThatIsTakenIsAnErrorInTheLogOnly() throws Exception {
        try (Child first = start()) {
            String port = URI.create(url(first)).getPort() + "";
            Path other = folder.resolve("other.yml");
            Files.writeString(
                    other,
                    Files.readString(config)
                            .replace("127.0.0.1:0", "127.0.0.1:" + port)
                            .replace("app.db", "other.db")
                            .replace("/replica", "/other-replica"));
            try (Child second = Child.start(RunnelCommand.of("replicate", "-config", other.toString()), Map.of());
                    Application application =
                            Application.start(folder.resolve("other.db")).orders(1, "one")) {
                second.awaitLine(Pattern.compile("ERROR.*metrics cannot be served"), LIMIT);
                Await.until("a replica", LIMIT, () -> Files.isDirectory(folder.resolve("other-replica/ltx")));
                assertThat(application.orders()).hasSize(1);
            }
        }
    }

    private Child start() {
        return Child.start(RunnelCommand.of("replicate", "-config", config.toString()), Map.of());
    }

    private static String url(Child replicate) {
        Matcher found = SERVING.matcher(replicate.awaitLine(SERVING, LIMIT));
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    private HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private int status(String url) throws IOException, InterruptedException {
        return get(url).statusCode();
    }

    /** Waits until a metric, named with its labels but without the values of most, has a value of at least or exactly so much. */
    private Map<String, Double> awaitMetric(String url, String name, double value) throws Exception {
        AtomicReference<Map<String, Double>> last = new AtomicReference<>(Map.of());
        Await.until(name + " " + value, LIMIT, () -> {
            Map<String, Double> metrics = metrics(url);
            last.set(metrics);
            return metrics.getOrDefault("litestream_txid{db=\"" + database + "\"}", 0.0) > 0
                    && metrics.entrySet().stream()
                            .filter(each -> matches(each.getKey(), name))
                            .anyMatch(each -> value == 0 ? each.getValue() == 0 : each.getValue() >= value);
        });
        return last.get();
    }

    private static boolean matches(String sample, String name) {
        return sample.equals(name)
                || sample.replaceAll("(db|name|replica)=\"[^\"]*\"", "$1").equals(name);
    }

    private List<Double> values(String url, String family) throws Exception {
        return metrics(url).entrySet().stream()
                .filter(each -> each.getKey().startsWith(family + "{"))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** Reads the page as strictly as the format is: a family has its help and type once, before its samples. */
    private Map<String, Double> metrics(String url) throws IOException, InterruptedException {
        HttpResponse<String> response = get(url + "/metrics");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        assertThat(response.body()).endsWith("\n");
        Map<String, Double> found = new LinkedHashMap<>();
        Set<String> families = new HashSet<>();
        String family = "";
        for (String line : response.body().lines().toList()) {
            if (line.startsWith("# HELP ")) {
                family = line.split(" ", 4)[2];
                assertThat(families.add(family)).as(line).isTrue();
            } else if (line.startsWith("# TYPE ")) {
                assertThat(line).matches("# TYPE " + family + " (counter|gauge)");
            } else {
                Matcher sample = SAMPLE.matcher(line);
                assertThat(sample.matches()).as(line).isTrue();
                assertThat(sample.group(1)).isEqualTo(family);
                String name = family + (sample.group(2) == null ? "" : sample.group(2));
                assertThat(found.put(name, Double.parseDouble(sample.group(3))))
                        .as(line)
                        .isNull();
            }
        }
        return found;
    }
}
