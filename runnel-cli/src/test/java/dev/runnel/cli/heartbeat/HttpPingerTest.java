package dev.runnel.cli.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests to a real server on this machine. */
class HttpPingerTest {
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpPinger pinger = new HttpPinger(Duration.ofSeconds(20), ProxySelector.of(null));
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                String path = exchange.getRequestURI().toString();
                String authorization = exchange.getRequestHeaders().getFirst("Authorization");
                requests.add(
                        exchange.getRequestMethod() + " " + path + (authorization == null ? "" : " " + authorization));
                if (path.startsWith("/moved")) {
                    exchange.getResponseHeaders().set("Location", path.substring("/moved".length()));
                    exchange.sendResponseHeaders(302, -1);
                } else if (path.startsWith("/hangs")) {
                    assertThat(release.await(1, TimeUnit.MINUTES)).isTrue();
                } else if (path.startsWith("/talks")) {
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write(1);
                    exchange.getResponseBody().flush();
                    assertThat(release.await(1, TimeUnit.MINUTES)).isTrue();
                } else {
                    exchange.sendResponseHeaders(Integer.parseInt(path.substring(1, 4)), -1);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        release.countDown();
        server.stop(0);
        threads.shutdownNow();
        pinger.close();
    }

    @Test
    void aPingIsAGetOfTheWholeUrl() {
        assertThat(ping("/200/token?a=b")).isEmpty();
        assertThat(requests).containsExactly("GET /200/token?a=b");
    }

    @ParameterizedTest
    @CsvSource({"/204, ''", "/299, ''", "/304, 304", "/404/secret, 404", "/500, 500"})
    void onlyASuccessIsADelivery(String path, String status) {
        Optional<String> failure = ping(path);
        assertThat(failure.isPresent()).isEqualTo(!status.isEmpty());
        assertThat(failure.orElse("")).endsWith(status).doesNotContain("secret");
    }

    @Test
    void redirectsAreFollowed() {
        assertThat(ping("/moved/200")).isEmpty();
        assertThat(requests).containsExactly("GET /moved/200", "GET /200");
    }

    @Test
    void aUserInTheUrlIsSentAsBasicAuthentication() {
        assertThat(pinger.ping(URI.create(
                                "http://me:pw@127.0.0.1:" + server.getAddress().getPort() + "/200"))
                        .join())
                .isEmpty();
        assertThat(requests).containsExactly("GET /200 Basic bWU6cHc=");
    }

    @Test
    void aBodyIsNotWaitedFor() {
        assertThat(ping("/talks")).isEmpty();
    }

    @Test
    void aServerThatHangsIsGivenUp() {
        try (HttpPinger hasty = new HttpPinger(Duration.ofMillis(200), ProxySelector.of(null))) {
            assertThat(hasty.ping(url("/hangs/secret")).join()).contains("no response within 200 ms");
        }
    }

    @Test
    void aServerThatIsNotThereIsAFailure() {
        server.stop(0);
        assertThat(ping("/200")).contains("the host does not accept the connection");
        assertThat(pinger.ping(URI.create("http://no-such-host.invalid/secret")).join())
                .contains("the name of the host cannot be resolved");
    }

    @ParameterizedTest
    @CsvSource({"http, the connection failed", "https, the TLS connection failed"})
    void aServerThatSpeaksSomethingElseIsAFailureWithoutTheUrl(String scheme, String failure) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            threads.execute(() -> {
                try (Socket client = socket.accept()) {
                    assertThat(client.getInputStream().read()).isNotNegative();
                    client.getOutputStream().write("what?\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                    client.shutdownOutput();
                    // Closed with something unread, the connection would be reset, and the answer might never be read.
                    client.getInputStream().transferTo(OutputStream.nullOutputStream());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            URI url = URI.create(scheme + "://127.0.0.1:" + socket.getLocalPort() + "/secret");
            assertThat(pinger.ping(url).join().orElse("")).startsWith(failure).doesNotContain("secret");
        }
    }

    private Optional<String> ping(String path) {
        return pinger.ping(url(path)).join();
    }

    private URI url(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }
}
