package dev.runnel.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.runnel.s3.S3Clients.Retries;
import dev.runnel.testkit.s3.SelfSigned;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A service that answers as it is told, and remembers what it was asked. */
final class ScriptedS3 {
    static final int ATTEMPTS = 3;

    private final HttpServer server;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final S3Clients clients = new S3Clients(Map.of(), new Retries(ATTEMPTS, Duration.ofMillis(1)));

    /** Header names are in small letters. */
    @SuppressWarnings("ArrayRecordComponent")
    record Request(String method, String target, Map<String, String> headers, byte[] body) {
        String header(String name) {
            return headers.getOrDefault(name, "");
        }

        @Override
        public String toString() {
            return method + " " + target;
        }
    }

    /**
     * An answer.
     *
     * @param announced the length it says it has
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Answer(int status, Map<String, String> headers, byte[] body, long announced) {
        static Answer of(int status, String body) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            return new Answer(status, Map.of(), bytes, bytes.length);
        }

        static Answer error(int status, String code) {
            return of(status, "<Error><Code>" + code + "</Code><Message>it says</Message></Error>");
        }

        Answer with(String name, String value) {
            return new Answer(status, Map.of(name, value), body, announced);
        }

        /** Says that it is longer than it is, and drops the connection. */
        Answer announcing(long length) {
            return new Answer(status, headers, body, length);
        }
    }

    private ScriptedS3(HttpServer server) {
        this.server = server;
    }

    static ScriptedS3 start(Function<Request, Answer> script) {
        try {
            return serve(HttpServer.create(anyPort(), 0), script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same over TLS. */
    static ScriptedS3 startSecure(SelfSigned certificate, Function<Request, Answer> script) {
        try {
            HttpsServer server = HttpsServer.create(anyPort(), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(certificate.toServe()));
            return serve(server, script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static ScriptedS3 serve(HttpServer server, Function<Request, Answer> script) {
        ScriptedS3 service = new ScriptedS3(server);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> service.answer(exchange, script));
        server.start();
        return service;
    }

    List<Request> requests() {
        return new ArrayList<>(requests);
    }

    S3Store store(Map<S3Option, String> more) {
        Map<S3Option, String> options = new EnumMap<>(S3Option.class);
        options.put(
                S3Option.ENDPOINT,
                (server instanceof HttpsServer ? "https" : "http") + "://127.0.0.1:"
                        + server.getAddress().getPort());
        options.put(S3Option.BUCKET, "bucket");
        options.put(S3Option.PATH, "app");
        options.put(S3Option.ACCESS_KEY_ID, "id");
        options.put(S3Option.SECRET_ACCESS_KEY, "secret");
        options.putAll(more);
        return new S3Store(clients, S3Settings.of(options));
    }

    void stop() {
        clients.close();
        server.stop(0);
    }

    private void answer(HttpExchange exchange, Function<Request, Answer> script) throws IOException {
        Map<String, String> headers = exchange.getRequestHeaders().entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> entry.getKey().toLowerCase(Locale.ROOT),
                        entry -> entry.getValue().getFirst()));
        Request request = new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                headers,
                exchange.getRequestBody().readAllBytes());
        requests.add(request);
        Answer answer = script.apply(request);
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        boolean empty = answer.announced() == 0 || request.method().equals("HEAD");
        exchange.sendResponseHeaders(answer.status(), empty ? -1 : answer.announced());
        if (!empty) {
            exchange.getResponseBody().write(answer.body());
            exchange.getResponseBody().flush();
        }
        // Closing a body that is shorter than announced drops the connection.
        exchange.close();
    }
}
