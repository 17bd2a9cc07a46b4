package dev.runnel.sqlite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;

/** The rollback journal beside a database. It carries no locks and is free to open. */
final class RollbackJournal {
    private static final byte[] MAGIC = {
        (byte) 0xd9, (byte) 0xd5, 0x05, (byte) 0xf9, 0x20, (byte) 0xa1, 0x63, (byte) 0xd7
    };

    private RollbackJournal() {}

    /** Whether there is one at all; SQLite removes one that is finished, for which it must be alone with the database. */
    static boolean exists(DatabaseName database) {
        return Files.exists(database.journal());
    }

    /** Whether it is that of a transaction that is under way or was interrupted: a finished one leaves no header. */
    static boolean isInUse(DatabaseName database) throws IOException {
        try (InputStream in = Files.newInputStream(database.journal())) {
            return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
        } catch (NoSuchFileException _) {
            return false;
        }
    }
}
