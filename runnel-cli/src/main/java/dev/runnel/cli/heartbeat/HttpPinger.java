package dev.runnel.cli.heartbeat;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Sends GET and follows redirects, but none from https to http. No failure quotes the URL, which may be secret. */
final class HttpPinger implements Pinger, AutoCloseable {
    private static final int OK = 200;
    private static final int REDIRECTION = 300;

    private final HttpClient client;
    private final Duration limit;

    /** @param limit how long a request may take until the head of its response is there */
    HttpPinger(Duration limit, ProxySelector proxies) {
        this.limit = limit;
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .proxy(proxies)
                .connectTimeout(limit)
                .build();
    }

    @Override
    public CompletableFuture<Optional<String>> ping(URI url) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(limit);
        if (url.getUserInfo() != null) {
            byte[] user = url.getUserInfo().getBytes(StandardCharsets.UTF_8);
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(user));
        }
        CompletableFuture<HttpResponse<InputStream>> sent =
                client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        // The limit of the request begins again with each redirect.
        return sent.copy().orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS).handle((response, fault) -> {
            sent.cancel(true);
            return fault == null ? judge(response) : Optional.of(describe(fault));
        });
    }

    /** The head is enough. */
    private static Optional<String> judge(HttpResponse<InputStream> response) {
        try {
            response.body().close();
        } catch (IOException _) {
            // What the body would have said does not matter.
        }
        int status = response.statusCode();
        return status >= OK && status < REDIRECTION
                ? Optional.empty()
                : Optional.of("the response has the status " + status);
    }

    private String describe(Throwable fault) {
        Throwable cause = fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
        return switch (cause) {
            case HttpTimeoutException _ -> noResponse();
            case TimeoutException _ -> noResponse();
            case ConnectException e
            when e.getCause() instanceof UnresolvedAddressException -> "the name of the host cannot be resolved";
            case ConnectException _ -> "the host does not accept the connection";
            case SSLException e -> "the TLS connection failed: " + e.getMessage();
            default -> "the connection failed (" + cause.getClass().getSimpleName() + ")";
        };
    }

    private String noResponse() {
        return "no response within " + limit.toMillis() + " ms";
    }

    /** Ends what is under way, and does not wait for it. */
    @Override
    public void close() {
        client.shutdownNow();
    }
}
