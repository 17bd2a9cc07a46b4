package dev.runnel.cli.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which proxy a ping takes. */
class EnvironmentProxiesTest {
    @ParameterizedTest
    @CsvSource({
        "HTTP_PROXY, http://proxy:3128, http://x/, proxy:3128",
        "http_proxy, proxy:3128, http://x/, proxy:3128",
        "HTTPS_PROXY, http://proxy, https://x/, proxy:80",
        "https_proxy, http://10.0.0.1:1/, HTTPS://X/, 10.0.0.1:1",
        "HTTP_PROXY, http://proxy:3128, https://x/, direct",
        "HTTP_PROXY, http://proxy:3128, http://localhost:9/, direct",
        "HTTP_PROXY, http://proxy:3128, http://127.0.0.1/, direct",
        "HTTP_PROXY, http://proxy:3128, http://[::1]:9/, direct",
    })
    void theVariableOfTheSchemeCounts(String name, String value, String target, String expected) {
        assertThat(select(Map.of(name, value), target)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "ping.example.com", "example.com", ".example.com", "*.example.com", "a, Example.COM"})
    void whatNoProxyNamesIsReachedDirectly(String exceptions) {
        Map<String, String> environment = Map.of("HTTPS_PROXY", "http://proxy:1", "NO_PROXY", exceptions);
        assertThat(select(environment, "https://ping.example.com/x")).isEqualTo("direct");
    }

    @Test
    void otherHostsAreNot() {
        Map<String, String> environment = Map.of("HTTPS_PROXY", "http://proxy:1", "NO_PROXY", "example.com,,other");
        assertThat(select(environment, "https://myexample.com/x")).isEqualTo("proxy:1");
    }

    @Test
    void aPingGoesThroughTheProxy() throws IOException {
        List<String> requests = new CopyOnWriteArrayList<>();
        HttpServer proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy.createContext("/", exchange -> {
            try (exchange) {
                requests.add(exchange.getRequestURI().toString());
                exchange.sendResponseHeaders(200, -1);
            }
        });
        proxy.start();
        Map<String, String> environment =
                Map.of("HTTP_PROXY", "http://127.0.0.1:" + proxy.getAddress().getPort());
        try (HttpPinger pinger = new HttpPinger(Duration.ofSeconds(20), new EnvironmentProxies(environment))) {
            assertThat(pinger.ping(URI.create("http://ping.invalid/token")).join())
                    .isEmpty();
        } finally {
            proxy.stop(0);
        }
        assertThat(requests).containsExactly("http://ping.invalid/token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://a b", "http://", "://"})
    void aProxyThatIsNoneIsAFailureAndNotLeftOut(String value) {
        try (HttpPinger pinger =
                new HttpPinger(Duration.ofSeconds(20), new EnvironmentProxies(Map.of("HTTP_PROXY", value)))) {
            assertThat(pinger.ping(URI.create("http://ping.invalid/token")).join())
                    .get()
                    .asString()
                    .doesNotContain("token");
        }
    }

    private static String select(Map<String, String> environment, String target) {
        Proxy proxy =
                new EnvironmentProxies(environment).select(URI.create(target)).getFirst();
        return proxy.address() instanceof InetSocketAddress address
                ? address.getHostString() + ":" + address.getPort()
                : "direct";
    }
}
