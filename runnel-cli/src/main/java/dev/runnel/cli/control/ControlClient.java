package dev.runnel.cli.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks a daemon, Runnel's or Litestream's, at its control socket. */
public final class ControlClient {
    private static final int OK = 200;

    private final Path socket;
    private final Duration limit;

    /** @param limit how long an answer may take */
    public ControlClient(Path socket, Duration limit) {
        this.socket = socket;
        this.limit = limit;
    }

    /**
     * Asks a question.
     *
     * @throws UnreachableException if nothing listens at the socket
     * @throws RefusedException if the daemon says no
     */
    public JsonObject get(String target) throws IOException {
        return send("GET " + target, "");
    }

    /** Gives an order, in the same way. */
    public JsonObject post(String target, JsonObject body) throws IOException {
        return send("POST " + target, body.toString());
    }

    private JsonObject send(String what, String body) throws IOException {
        try (SocketChannel channel = connect()) {
            HttpMessage response = within(channel, HttpMessage.ofJson(what + " HTTP/1.1", body));
            JsonObject json = parse(response.text());
            if (status(response) != OK) {
                JsonElement error = json.get("error");
                throw new RefusedException(error == null ? response.start() : error.getAsString());
            }
            return json;
        }
    }

    private SocketChannel connect() throws IOException {
        try {
            return SocketChannel.open(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            throw new UnreachableException(socket, e);
        }
    }

    /** A Unix socket knows no time limit, so that it is closed by whoever waits. */
    private HttpMessage within(SocketChannel channel, HttpMessage request) throws IOException {
        CompletableFuture<HttpMessage> response = new CompletableFuture<>();
        Thread.ofVirtual().name("control-client").start(() -> {
            try {
                response.complete(exchange(channel, request));
            } catch (IOException | RuntimeException e) {
                response.completeExceptionally(e);
            }
        });
        try {
            return response.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no answer from " + socket + " within " + limit.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException("no answer from " + socket + ": " + cause.getMessage(), cause);
        }
    }

    private static HttpMessage exchange(SocketChannel channel, HttpMessage request) throws IOException {
        OutputStream out = Channels.newOutputStream(channel);
        InputStream in = Channels.newInputStream(channel);
        request.writeTo(out);
        return HttpMessage.read(in);
    }

    private JsonObject parse(String text) throws IOException {
        try {
            if (JsonParser.parseString(text) instanceof JsonObject object) {
                return object;
            }
        } catch (JsonParseException _) {
            // Said below.
        }
        throw new IOException("what listens at " + socket + " is not a control socket: expected JSON");
    }

    private static int status(HttpMessage response) {
        try {
            return Integer.parseInt(response.word(1).orElse(""));
        } catch (NumberFormatException _) {
            return 0;
        }
    }
}
