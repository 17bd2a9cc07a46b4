package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.runnel.testkit.Await;
import dev.runnel.testkit.process.Child;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code replicate} and a monitoring service that never responds to the heartbeat of one database. */
@Tag("slow")
final class HeartbeatTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /** The shortest interval of a heartbeat is a minute. */
    private static final Duration LIMIT_OF_AN_INTERVAL = Duration.ofMinutes(2);

    private final List<String> pings = new CopyOnWriteArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer service;

    @TempDir
    private Path folder;

    @BeforeEach
    void serve() throws IOException {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.setExecutor(threads);
        service.createContext("/", exchange -> {
            try (exchange) {
                pings.add(exchange.getRequestURI().getPath());
                if (exchange.getRequestURI().getPath().equals("/well")) {
                    assertThat(end.await(5, TimeUnit.MINUTES)).isTrue();
                }
                exchange.sendResponseHeaders(200, -1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        service.start();
    }

    @AfterEach
    void stopServing() {
        end.countDown();
        service.stop(0);
        threads.shutdownNow();
    }

    @Test
    void aDegradedReplicaStopsTheHeartbeatOfItsDatabaseAndOfAllUntilItWorks() throws Exception {
        Path inTheWay = Files.createFile(folder.resolve("in-the-way"));
        Path config = configure();
        try (Application well = Application.start(folder.resolve("well.db")).orders(1, "well");
                Application failing =
                        Application.start(folder.resolve("failing.db")).orders(1, "failing");
                Child replicate = Child.start(RunnelCommand.of("replicate", "-config", config.toString()), Map.of())) {
            Await.until("a ping of the database that is replicated", LIMIT, () -> pings.contains("/well"));
            Pattern held = Pattern.compile("no heartbeat is sent: .*failing\\.db");
            replicate.awaitLine(held, LIMIT_OF_AN_INTERVAL);
            replicate.awaitLine(held, LIMIT);
            assertThat(pings).doesNotContain("/failing", "/all");

            Files.delete(inTheWay);
            Await.until("all pings", LIMIT, () -> pings.containsAll(List.of("/failing", "/all")));
            assertThat(well.orders().size() + failing.orders().size()).isEqualTo(2);
            assertThat(replicate.transcript())
                    .contains("heartbeats resume", "heartbeat ping failed")
                    .doesNotContain("hidden");
            long start = System.nanoTime();
            assertThat(replicate.stop(LIMIT)).as(replicate.transcript()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        }
    }

    private Path configure() throws IOException {
        String url = "http://127.0.0.1:" + service.getAddress().getPort();
        return Files.writeString(folder.resolve("runnel.yml"), """
                heartbeat-url: %1$s/all?key=hidden
                heartbeat-interval: 1m
                dbs:
                  - path: %2$s/well.db
                    heartbeat-url: %1$s/well?key=hidden
                    replica: {path: %2$s/replica}
                  - path: %2$s/failing.db
                    heartbeat-url: %1$s/failing?key=hidden
                    replica: {path: %2$s/in-the-way}
                """.formatted(url, folder));
    }
}
