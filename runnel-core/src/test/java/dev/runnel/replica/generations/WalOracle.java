package dev.runnel.replica.generations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.store.ByteRange;
import dev.runnel.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import net.jpountz.lz4.LZ4FrameInputStream;

/** Restores by other means: the library's LZ4 decoder, and SQLite, which copies the WALs back one after the other. */
final class WalOracle {
    private final ObjectStore store;
    private final String generation;
    private final Path folder;

    WalOracle(ObjectStore store, long lineage, Path folder) {
        this.store = store;
        this.generation = "generations/%016x/".formatted(lineage);
        this.folder = folder;
    }

    /** The database after a snapshot and the WALs from its index up to another, that one included. */
    byte[] restore(int snapshot, int lastWal) throws IOException, SQLException {
        Path database = folder.resolve("oracle.db");
        Files.deleteIfExists(folder.resolve("oracle.db-shm"));
        Files.write(database, read("snapshots/%08x.snapshot.lz4".formatted(snapshot)));
        for (int index = snapshot; index <= lastWal; index++) {
            Files.write(folder.resolve("oracle.db-wal"), read("wal/%08x_00000000.wal.lz4".formatted(index)));
            checkpoint(database);
        }
        return Files.readAllBytes(database);
    }

    private byte[] read(String name) throws IOException {
        try (InputStream stored = store.open(generation + name, ByteRange.ALL);
                LZ4FrameInputStream in = new LZ4FrameInputStream(stored)) {
            return in.readAllBytes();
        }
    }

    private static void checkpoint(Path database) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
            assertThat(row.getInt(1)).as("busy").isZero();
        }
    }
}
