package dev.runnel.cli.control;

import dev.runnel.cli.config.SocketConfig;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests at a Unix socket, one for each connection. Who may connect is decided by the mode of its file. */
public final class ControlServer implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
    private static final int MOST_CONNECTIONS = 64;
    private static final int BAD_REQUEST = 400;
    private static final int INTERNAL_ERROR = 500;
    private static final Duration TIME_FOR_REQUEST = Duration.ofSeconds(30);
    private static final Duration AFTER_AN_ERROR = Duration.ofMillis(100);

    private final ServerSocketChannel server;
    private final Path path;
    private final Object file;
    private final Handler handler;
    private final Semaphore connections = new Semaphore(MOST_CONNECTIONS);
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("control-timer").factory());

    /** Answers one request. */
    @FunctionalInterface
    interface Handler {
        ControlResponse handle(HttpMessage request) throws InterruptedException;
    }

    private ControlServer(ServerSocketChannel server, Path path, Handler handler) throws IOException {
        this.server = server;
        this.path = path;
        this.file = keyOf(path);
        this.handler = handler;
    }

    /**
     * Begins to listen. A socket that a process left behind is replaced.
     *
     * @throws IOException if another process listens there, if there is something else than a socket, or if it cannot be made
     */
    public static ControlServer start(SocketConfig config, ControlApi api) throws IOException {
        Path path = config.path();
        requireFree(path);
        // It gets its name with its mode: whoever connects before that could do anything.
        Path unready = path.resolveSibling("." + path.getFileName() + ".new");
        Files.deleteIfExists(unready);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        boolean isStarted = false;
        try {
            server.bind(UnixDomainSocketAddress.of(unready));
            if (Files.getFileAttributeView(unready, PosixFileAttributeView.class) != null) {
                Files.setPosixFilePermissions(unready, config.permissions());
            }
            Files.move(unready, path, StandardCopyOption.ATOMIC_MOVE);
            ControlServer started = new ControlServer(server, path, api::answer);
            Thread.ofPlatform().daemon().name("control").start(started::accept);
            isStarted = true;
            return started;
        } finally {
            if (!isStarted) {
                server.close();
                Files.deleteIfExists(unready);
            }
        }
    }

    private static void requireFree(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!found.isOther()) {
            throw new IOException("there is a file that is not a socket");
        }
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            throw new IOException("another process listens there");
        } catch (ConnectException _) {
            LOG.debug("{} was left behind by a process that is gone", path);
        }
    }

    private static Object keyOf(Path path) throws IOException {
        return Objects.requireNonNullElse(
                Files.readAttributes(path, BasicFileAttributes.class).fileKey(), "");
    }

    private void accept() {
        while (!isClosed.get()) {
            try {
                connections.acquire();
                SocketChannel connection = server.accept();
                Thread.ofVirtual().name("control-request").start(() -> serve(connection));
            } catch (ClosedChannelException | InterruptedException _) {
                return;
            } catch (IOException e) {
                connections.release();
                LOG.warn("the control socket {} failed: {}. Runnel tries again by itself.", path, e.getMessage());
                pause();
            }
        }
    }

    /** An error that repeats must not keep a processor busy. */
    private static void pause() {
        try {
            Thread.sleep(AFTER_AN_ERROR);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(SocketChannel connection) {
        try (connection;
                InputStream in = Channels.newInputStream(connection);
                OutputStream out = Channels.newOutputStream(connection)) {
            ControlResponse response = respond(connection, in);
            HttpMessage.ofJson(
                            "HTTP/1.1 " + response.status() + " " + reason(response.status()), response.body() + "\n")
                    .writeTo(out);
        } catch (IOException e) {
            LOG.debug("a client of the control socket is gone", e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            connections.release();
        }
    }

    private ControlResponse respond(SocketChannel connection, InputStream in) throws IOException, InterruptedException {
        HttpMessage request;
        Future<?> limit =
                timer.schedule(() -> closeQuietly(connection), TIME_FOR_REQUEST.toSeconds(), TimeUnit.SECONDS);
        try {
            request = HttpMessage.read(in);
        } catch (HttpMessage.FormatException e) {
            return ControlResponse.error(BAD_REQUEST, String.valueOf(e.getMessage()));
        } finally {
            limit.cancel(false);
        }
        try {
            return handler.handle(request);
        } catch (RuntimeException e) {
            LOG.error("the request {} failed", request.start(), e);
            return ControlResponse.error(INTERNAL_ERROR, "internal error; see the log");
        }
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 400 -> "Bad Request";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 409 -> "Conflict";
            case 504 -> "Gateway Timeout";
            default -> "Internal Server Error";
        };
    }

    private static void closeQuietly(SocketChannel connection) {
        try {
            connection.close();
        } catch (IOException e) {
            LOG.debug("closing a connection of the control socket", e);
        }
    }

    @Override
    public void close() throws IOException {
        isClosed.set(true);
        server.close();
        timer.shutdownNow();
        // Another process may have taken the name meanwhile.
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && keyOf(path).equals(file)) {
            Files.delete(path);
        }
    }
}
