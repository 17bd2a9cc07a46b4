package dev.runnel.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.ltx.PageSize;
import dev.runnel.platform.Clock;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.store.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Integrity checks of restored databases, with real SQLite and in WAL mode. */
class SqliteCheckTest {
    private static final int PAGE_SIZE = 4096;

    @TempDir
    Path folder;

    private Path output;

    @BeforeEach
    void nameWithCharactersThatAUriWouldTakeForItsOwn() {
        output = folder.resolve("restored 100% #1?.db");
    }

    @ParameterizedTest
    @EnumSource
    void aSoundDatabasePassesAndNothingIsLeftBesideIt(IntegrityCheck check) throws IOException, SQLException {
        byte[] source = database();

        RestoreReport report = restore(source, check);

        assertThat(report.integrityCheck()).isEqualTo(check);
        assertThat(Files.readAllBytes(output)).isEqualTo(source);
        assertThat(names()).containsExactly(output.getFileName().toString());
    }

    @Test
    void i29ACorruptDatabaseGetsNoNameAndIsKept() throws IOException, SQLException {
        byte[] source = database();
        Arrays.fill(source, 3 * PAGE_SIZE, 4 * PAGE_SIZE, (byte) 0x55);

        assertThatThrownBy(() -> restore(source, IntegrityCheck.QUICK))
                .isInstanceOf(RestoreException.IntegrityFailed.class)
                .hasMessageStartingWith("integrity check of the restored database: ");

        assertThat(names()).singleElement().asString().endsWith(".tmp");
        assertThat(Files.readAllBytes(folder.resolve(names().getFirst()))).isEqualTo(source);
    }

    @Test
    void whatIsNoDatabaseAtAllFailsTheCheckToo() throws IOException {
        byte[] noise = new byte[2 * PAGE_SIZE];
        Arrays.fill(noise, (byte) 7);

        assertThatThrownBy(() -> restore(noise, IntegrityCheck.FULL))
                .isInstanceOf(RestoreException.IntegrityFailed.class)
                .hasMessageContaining("not a database");
    }

    private RestoreReport restore(byte[] source, IntegrityCheck check) throws IOException {
        MemoryStore store = new MemoryStore(Clock.system());
        ModelHistory history = new ModelHistory(store, new PageSize(PAGE_SIZE), ModelHistory.Proofs.WITH);
        Map<Integer, byte[]> pages = new HashMap<>();
        for (int number = 1; number <= source.length / PAGE_SIZE; number++) {
            pages.put(number, Arrays.copyOfRange(source, (number - 1) * PAGE_SIZE, number * PAGE_SIZE));
        }
        history.baseline(history.change(pages.size(), pages));
        return Restores.restorer()
                .restore(
                        Restores.replica(store),
                        new RestoreTarget.Latest(),
                        output,
                        RestoreOptions.DEFAULT.withIntegrityCheck(check));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("source"))
                    .toList();
        }
    }

    private byte[] database() throws IOException, SQLException {
        Path source = folder.resolve("source.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + source);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA page_size = " + PAGE_SIZE);
            statement.execute("PRAGMA journal_mode = wal");
            statement.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)");
            statement.execute("CREATE INDEX i ON t (text)");
            statement.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) "
                    + "INSERT INTO t SELECT i, 'row ' || i FROM n");
        }
        return Files.readAllBytes(source);
    }
}
