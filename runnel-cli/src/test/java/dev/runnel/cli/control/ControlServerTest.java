package dev.runnel.cli.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.runnel.cli.config.SocketConfig;
import dev.runnel.engine.EngineSettings;
import dev.runnel.location.FolderLocation;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.setup.DatabaseConfig;
import dev.runnel.setup.DatabaseSpecs;
import dev.runnel.setup.FollowedDatabases;
import dev.runnel.setup.Locations;
import dev.runnel.setup.Replicas;
import dev.runnel.sqlite.Embedding;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The control socket with a real engine behind it, by the client and by what no client would send. */
class ControlServerTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Path socket = Path.of("");
    private Path database = Path.of("");
    private Replicas replicas = new Replicas(Disk.system(), Clock.system(), Map.of());
    private FollowedDatabases followed;
    private ControlServer server;

    @BeforeEach
    void start() throws IOException, SqlFailure {
        socket = folder.resolve("control.sock");
        database = folder.resolve("app.db");
        try (SqlSession session = JdbcSession.open(database)) {
            session.run("pragma journal_mode=wal", "create table t(a)");
        }
        replicas = new Replicas(Disk.system(), Clock.system(), Map.of());
        DatabaseConfig config = DatabaseConfig.of(database, List.of(new FolderLocation(folder.resolve("replica"))));
        followed = FollowedDatabases.start(
                List.of(config), new DatabaseSpecs(replicas), EngineSettings.of(Embedding.EMBEDDED));
        server = ControlServer.start(config(), api());
    }

    private SocketConfig config() {
        return new SocketConfig(socket, PosixFilePermissions.fromString("rw-------"));
    }

    private ControlApi api() {
        Locations locations = new Locations(folder, folder, Map.of());
        return new ControlApi(followed, locations, DaemonInfo.now("1.2.3", Clock.system()));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        followed.close();
        replicas.close();
    }

    @Test
    void itsFileIsForItsOwnerOnlyAndGoesWithIt() throws IOException {
        assertThat(Files.getPosixFilePermissions(socket)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        server.close();
        assertThat(socket).doesNotExist();
    }

    @Test
    void whatIsCommittedIsDurableWhenAWaitEnds() throws IOException, SqlFailure {
        commit("one");
        JsonObject answer = client().post("/sync", about("wait", true));
        assertThat(answer.get("status").getAsString()).isEqualTo("synced");
        assertThat(answer.get("replicated_txid")).isEqualTo(answer.get("txid"));
        assertThat(client().get("/txid?path=" + database).get("txid")).isEqualTo(answer.get("txid"));
        assertThat(client().post("/sync", about("wait", true)).get("status").getAsString())
                .isEqualTo("no_change");

        long before = answer.get("txid").getAsLong();
        commit("two");
        JsonObject durable = client().post("/wait", about("txid", before + 1));
        assertThat(durable.get("replicated_txid").getAsLong()).isGreaterThan(before);
    }

    @Test
    void aWaitForATxidThatDoesNotComeEndsAtItsLimit() {
        JsonObject request = about("txid", 1_000_000);
        request.addProperty("timeout", 0.2);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> client().post("/wait", request))
                .withMessage("not done within 200 ms; it continues");
    }

    @Test
    void aDatabaseIsStoppedAndStarted() throws IOException, SqlFailure {
        commit("one");
        JsonObject stopped = client().post("/stop", about());
        assertThat(stopped.get("status").getAsString()).isEqualTo("stopped");
        assertThat(stopped.get("txid").getAsLong()).isPositive();
        assertThat(client().post("/stop", about()).get("status").getAsString()).isEqualTo("already_stopped");
        assertThat(statusInList()).isEqualTo("stopped");
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> client().post("/sync", about()))
                .withMessage("database not open: " + database);

        assertThat(client().post("/start", about()).get("status").getAsString()).isEqualTo("started");
        assertThat(client().post("/start", about()).get("status").getAsString()).isEqualTo("already_running");
        assertThat(statusInList()).isEqualTo("replicating");
    }

    private String statusInList() throws IOException {
        return client().get("/list")
                .getAsJsonArray("databases")
                .get(0)
                .getAsJsonObject()
                .get("status")
                .getAsString();
    }

    @Test
    void aDatabaseIsRegisteredAndUnregistered() throws IOException, SqlFailure {
        Path other = folder.resolve("other.db");
        try (SqlSession session = JdbcSession.open(other)) {
            session.run("pragma journal_mode=wal", "create table t(a)");
        }
        JsonObject request = new JsonObject();
        request.addProperty("path", other.toString());
        request.addProperty("replica_url", "file://" + folder.resolve("other-replica"));
        assertThat(client().post("/register", request).get("status").getAsString())
                .isEqualTo("registered");
        assertThat(client().post("/register", request).get("status").getAsString())
                .isEqualTo("already_registered");
        assertThat(client().get("/info").get("database_count").getAsInt()).isEqualTo(2);
        request.addProperty("wait", true);
        assertThat(client().post("/sync", request).get("replicated_txid").getAsLong())
                .isPositive();
        assertThat(client().post("/unregister", request).get("status").getAsString())
                .isEqualTo("unregistered");
        assertThat(client().post("/unregister", request).get("status").getAsString())
                .isEqualTo("already_unregistered");
    }

    @Test
    void statusSaysHowEachReplicaIsDoing() throws IOException, SqlFailure {
        commit("one");
        client().post("/sync", about("wait", true));
        JsonObject found =
                client().get("/status").getAsJsonArray("databases").get(0).getAsJsonObject();
        assertThat(found.get("health").getAsString()).isEqualTo("healthy");
        JsonObject replica = found.getAsJsonArray("replicas").get(0).getAsJsonObject();
        assertThat(replica.get("replica").getAsString())
                .isEqualTo(folder.resolve("replica").toString());
        assertThat(replica.get("lag_txids").getAsLong()).isZero();
        assertThat(replica.get("lag_seconds").getAsLong()).isZero();
        assertThat(replica.has("last_sync_at")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST /sync | {}                                  | 400 | path required
            POST /sync | []                                  | 400 | invalid request body
            POST /sync | {"path":                            | 400 | invalid request body
            POST /sync | {"path": 7}                         | 400 | path: expected a text, found 7
            POST /sync | {"path": "/no.db"}                  | 404 | database not found: /no.db
            POST /sync | {"path": "app.db", "wait": "yes"}   | 400 | wait: expected true or false, found "yes"
            POST /sync | {"path": "app.db", "timeout": "x"}  | 400 | timeout: expected a number of seconds, found "x"
            POST /wait | {"path": "app.db", "txid": -1}      | 400 | txid: expected a whole number, found -1
            POST /start | {"path": "/no.db"}                 | 500 | database not found: /no.db
            POST /stop | {"path": "/no.db"}                  | 500 | database not found: /no.db
            POST /register | {"path": "/no.db"}              | 400 | replica_url required
            GET /sync  |                                     | 405 | method not allowed
            PUT /sync  |                                     | 405 | method not allowed
            POST /list | {}                                  | 405 | method not allowed
            GET /nothing |                                   | 404 | no such endpoint: /nothing
            GET /txid?path=/no.db |                          | 404 | database not found
            GET /txid?path=%zz |                             | 400 | invalid query: %zz
            """)
    void aBadRequestIsAnsweredWithItsReason(String line, String body, int status, String reason) throws IOException {
        HttpMessage answer = exchange(HttpMessage.ofJson(line + " HTTP/1.1", body == null ? "" : body));
        assertThat(answer.start()).startsWith("HTTP/1.1 " + status + " ");
        assertThat(JsonParser.parseString(answer.text())
                        .getAsJsonObject()
                        .get("error")
                        .getAsString())
                .isEqualTo(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /list HTTP/1.1\r\nno header\r\n\r\n",
                "\r\n",
                "POST /sync HTTP/1.1\r\nContent-Length: many\r\n\r\n",
                "POST /sync HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                "POST /sync HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            })
    void whatIsNoRequestIsRefusedAndTheNextOneIsAnswered(String bytes) throws IOException {
        assertThat(send(bytes).start()).isEqualTo("HTTP/1.1 400 Bad Request");
        assertThat(client().get("/info").get("version").getAsString()).isEqualTo("1.2.3");
    }

    @Test
    void headersHaveALimit() throws IOException {
        assertThat(send("GET /list HTTP/1.1\r\nx: " + "y".repeat(1 << 15)).text())
                .contains("more than 16384 bytes of headers");
    }

    @Test
    void aClientThatLeavesEarlyDisturbsNobody() throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            Channels.newOutputStream(channel)
                    .write("POST /sync HTTP/1.1\r\nContent-Length: 10\r\n\r\n{".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(client().get("/info").get("pid").getAsLong())
                .isEqualTo(ProcessHandle.current().pid());
    }

    @Test
    void aSocketThatWasLeftBehindIsReplacedAndOneInUseIsNot() throws IOException {
        assertThatIOException()
                .isThrownBy(() -> ControlServer.start(config(), api()))
                .withMessage("another process listens there");
        server.close();
        try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            left.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();
        server = ControlServer.start(config(), api());
        assertThat(client().get("/info").get("database_count").getAsInt()).isEqualTo(1);
    }

    @Test
    void aFileThatIsNoSocketStays() throws IOException {
        server.close();
        Files.writeString(socket, "important");
        assertThatIOException()
                .isThrownBy(() -> ControlServer.start(config(), api()))
                .withMessage("there is a file that is not a socket");
        assertThat(socket).hasContent("important");
    }

    @Test
    void nothingListens() throws IOException {
        server.close();
        assertThatExceptionOfType(UnreachableException.class)
                .isThrownBy(() -> client().get("/info"))
                .withMessageStartingWith("failed to connect to control socket: " + socket);
    }

    private ControlClient client() {
        return new ControlClient(socket, LIMIT);
    }

    private JsonObject about() {
        JsonObject body = new JsonObject();
        body.addProperty("path", database.toString());
        return body;
    }

    private JsonObject about(String name, boolean value) {
        JsonObject body = about();
        body.addProperty(name, value);
        return body;
    }

    private JsonObject about(String name, long value) {
        JsonObject body = about();
        body.addProperty(name, value);
        return body;
    }

    private void commit(String value) throws SqlFailure {
        try (SqlSession session = JdbcSession.open(database)) {
            session.run("insert into t values('" + value + "')");
        }
    }

    private HttpMessage exchange(HttpMessage request) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            request.writeTo(Channels.newOutputStream(channel));
            return HttpMessage.read(Channels.newInputStream(channel));
        }
    }

    private HttpMessage send(String bytes) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            OutputStream out = Channels.newOutputStream(channel);
            InputStream in = Channels.newInputStream(channel);
            out.write(bytes.getBytes(StandardCharsets.UTF_8));
            return HttpMessage.read(in);
        }
    }
}
