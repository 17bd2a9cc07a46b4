package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.Await;
import dev.runnel.testkit.oracle.DatabaseOracle;
import dev.runnel.testkit.oracle.ReplicaOracle;
import dev.runnel.testkit.process.Child;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Databases of every make, and files of every name, in one fleet: each comes back byte for byte. */
@Tag("slow")
class DatabaseMatrixTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String ROWS = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 300) ";
    private static final List<String> NAMES = List.of(
            "with space.db",
            "100%25.db",
            "what?mode=ro.db",
            "hash#1.db",
            "данные-数据.db",
            "it's.db",
            "-dash.db",
            "semi;colon&.db",
            "no-extension",
            ".hidden.db",
            "[brackets]*.db",
            "$HOME.db");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    /**
     * A kind of database.
     *
     * @param made statements that make it
     * @param changed statements that change it while it is followed
     */
    private record Kind(String name, List<String> made, List<String> changed) {
        static Kind of(String name, String... made) {
            List<String> all = new ArrayList<>(List.of(made));
            all.add("create table t(id integer primary key, b)");
            all.add(ROWS + "insert into t(b) select randomblob(i) from n");
            return new Kind(name, all, List.of("delete from t where id % 3 = 1", "update t set b = zeroblob(700)"));
        }
    }

    @Test
    void i10DatabasesOfEveryMakeRestoreByteForByte() throws SQLException {
        follow(kinds().toList());
    }

    @Test
    void i10FilesOfEveryNameRestoreByteForByte() throws SQLException {
        List<Kind> kinds = NAMES.stream().map(Kind::of).toList();
        follow(kinds);
        for (int i = 0; i < kinds.size(); i++) {
            Path output = folder.resolve("restored-" + i);
            run(
                    "restore",
                    "-config",
                    config().toString(),
                    "-no-expand-env",
                    "-o",
                    output.toString(),
                    database(kinds.get(i)).toString());
            DatabaseOracle.assertSameBytes(database(kinds.get(i)), output);
        }
    }

    private static Stream<Kind> kinds() {
        Stream<Kind> pageSizes = IntStream.rangeClosed(9, 16)
                .mapToObj(power -> Kind.of("pages-" + (1 << power), "pragma page_size=" + (1 << power)));
        Stream<Kind> vacuums = Stream.of(
                Kind.of("auto-vacuum-full", "pragma auto_vacuum=full"),
                new Kind(
                        "auto-vacuum-incremental",
                        Kind.of("", "pragma auto_vacuum=incremental").made(),
                        List.of(
                                "delete from t where id > 100",
                                "pragma incremental_vacuum(3)",
                                "insert into t(b) values(7)")));
        Stream<Kind> encodings =
                Stream.of("UTF-8", "UTF-16le", "UTF-16be").map(e -> Kind.of(e, "pragma encoding='" + e + "'"));
        Stream<Kind> others = Stream.of(
                Kind.of("application-id", "pragma application_id=1196444487", "pragma user_version=-3"),
                new Kind(
                        "without-rowid",
                        List.of(
                                "create table w(k text primary key, v blob) without rowid",
                                ROWS + "insert into w select hex(i), randomblob(40) from n"),
                        List.of("delete from w where k < 'A'", "update w set k = k || 'x'")),
                new Kind(
                        "full-text",
                        List.of(
                                "create virtual table f using fts5(body)",
                                ROWS + "insert into f select 'word' || i from n"),
                        List.of("delete from f where rowid % 2", "insert into f(f) values('optimize')")),
                new Kind(
                        "empty-tables",
                        List.of("create table a(x)", "create index ai on a(x)", "create view v as select * from a"),
                        List.of("create table b(y)", "drop table a")),
                new Kind("one-page", List.of("pragma user_version=1"), List.of("pragma user_version=2")),
                new Kind(
                        "reserved-bytes",
                        List.of("pragma user_version=1"),
                        Kind.of("").made()));
        return Stream.of(pageSizes, vacuums, encodings, others).flatMap(kinds -> kinds);
    }

    /** Follows them all with one program, changes them meanwhile, and compares. */
    private void follow(List<Kind> kinds) throws SQLException {
        for (Kind kind : kinds) {
            execute(kind, kind.made());
            if (kind.name().equals("reserved-bytes")) {
                reserveBytes(database(kind), 32);
            }
        }
        writeConfig(kinds);
        try (Child runnel = start("replicate", "-config", config().toString(), "-no-expand-env")) {
            for (Kind kind : kinds) {
                Await.until(
                        kind + " is at its replica", LIMIT, () -> replica(kind).newestTxid() > 0);
                execute(kind, kind.changed());
            }
            assertThat(runnel.stop(LIMIT)).as(runnel.transcript()).isZero();
        }
        for (Kind kind : kinds) {
            execute(kind, List.of("pragma wal_checkpoint(truncate)"));
            DatabaseOracle.assertSound(DatabaseOracle.copyOf(database(kind), folder.resolve("copy")));
            Path restored = replica(kind).checkAll().writeTo(folder.resolve("image"));
            DatabaseOracle.assertSameBytes(database(kind), restored);
        }
        assertThat(kinds)
                .anySatisfy(kind -> assertThat(replica(kind).newestTxid()).isGreaterThan(2));
    }

    private Path database(Kind kind) {
        return folder.resolve(kind.name());
    }

    private ReplicaOracle replica(Kind kind) {
        return new ReplicaOracle(replicaFolder(kind));
    }

    private Path replicaFolder(Kind kind) {
        return folder.resolve("replica of " + kind.name());
    }

    private Path config() {
        return folder.resolve("runnel.yml");
    }

    private void writeConfig(List<Kind> kinds) {
        StringBuilder text = new StringBuilder("dbs:\n");
        for (Kind kind : kinds) {
            text.append("  - path: ").append(quoted(database(kind))).append('\n');
            text.append("    replica: {type: file, path: ")
                    .append(quoted(replicaFolder(kind)))
                    .append("}\n");
        }
        try {
            Files.writeString(config(), text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String quoted(Path path) {
        return "'" + path.toString().replace("'", "''") + "'";
    }

    private void execute(Kind kind, List<String> statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + uri(database(kind)));
                Statement statement = connection.createStatement()) {
            statement.execute("pragma busy_timeout=30000");
            for (String sql : statements) {
                statement.execute(sql);
            }
            statement.execute("pragma journal_mode=wal");
        }
    }

    private static String uri(Path path) {
        try {
            return new URI("file", null, path.toString(), null).toASCIIString().replace("?", "%3f");
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** Makes a database of one page as an encrypting SQLite would, which keeps room at the end of each page for itself. */
    private static void reserveBytes(Path database, int bytes) {
        try (RandomAccessFile file = new RandomAccessFile(database.toFile(), "rw")) {
            assertThat(file.length()).isEqualTo(4096);
            file.seek(20);
            file.write(bytes);
            // Where the cells of the empty schema table begin: at the end of what is usable.
            file.seek(105);
            file.writeShort(4096 - bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void run(String... arguments) {
        try (Child child = start(arguments)) {
            assertThat(child.awaitExit(LIMIT)).as(child.transcript()).isZero();
        }
    }

    private static Child start(String... arguments) {
        return Child.start(RunnelCommand.of(arguments), Map.of());
    }
}
