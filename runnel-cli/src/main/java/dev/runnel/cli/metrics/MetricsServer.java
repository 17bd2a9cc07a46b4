package dev.runnel.cli.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows metrics at {@code /metrics}. {@code /healthz} is 503 with the reasons, one a line, while a database or replica fails;
 * {@code /readyz} also while one is not yet followed or complete; otherwise both are 200. Only reads.
 */
public final class MetricsServer implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsServer.class);
    private static final String PLAIN = "text/plain; charset=utf-8";
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int WRONG_METHOD = 405;
    private static final int UNAVAILABLE = 503;

    private final HttpServer server;
    private final ExecutorService threads;
    private final Metrics metrics;

    private MetricsServer(HttpServer server, ExecutorService threads, Metrics metrics) {
        this.server = server;
        this.threads = threads;
        this.metrics = metrics;
    }

    /**
     * Begins to listen.
     *
     * @throws IOException if the address is in use or not of this machine
     */
    public static MetricsServer start(InetSocketAddress address, Metrics metrics) throws IOException {
        HttpServer server = HttpServer.create(address, 0);
        ExecutorService threads = Executors.newFixedThreadPool(
                2, Thread.ofPlatform().daemon().name("http-", 0).factory());
        MetricsServer started = new MetricsServer(server, threads, metrics);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                started.answer(exchange);
            } catch (RuntimeException e) {
                LOG.error("a request for {} failed", exchange.getRequestURI(), e);
            }
        });
        server.start();
        return started;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            send(exchange, WRONG_METHOD, PLAIN, "GET only\n");
            return;
        }
        switch (exchange.getRequestURI().getPath()) {
            case "/metrics" -> send(exchange, OK, Exposition.CONTENT_TYPE, metrics.page());
            case "/healthz" -> sendHealth(exchange, metrics.failures());
            case "/readyz" -> sendHealth(exchange, metrics.obstacles());
            default -> send(exchange, NOT_FOUND, PLAIN, "/metrics, /healthz and /readyz\n");
        }
    }

    private static void sendHealth(HttpExchange exchange, List<String> reasons) throws IOException {
        String text = reasons.isEmpty() ? "ok\n" : String.join("\n", reasons) + "\n";
        send(exchange, reasons.isEmpty() ? OK : UNAVAILABLE, PLAIN, text);
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
