package dev.runnel.verify;

import dev.runnel.platform.Disk;
import dev.runnel.platform.Entropy;
import dev.runnel.replica.Restorable;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.restore.RestoreOptions;
import dev.runnel.restore.RestoreProgress;
import dev.runnel.restore.RestoreReport;
import dev.runnel.restore.RestoredImage;
import dev.runnel.restore.Restorer;
import dev.runnel.restore.SqliteQuery;
import dev.runnel.verify.VerifyOptions.Question;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;

/** Restores to files that are deleted again, and asks SQLite about them. */
public final class ScratchRestore {
    private final Restorer restorer;
    private final Disk disk;
    private final Path folder;
    private final Entropy entropy;

    /**
     * Restores into a folder, which is created if need be. A database that SQLite finds corrupt is kept there.
     *
     * @param folder has room for one database at a time
     */
    public ScratchRestore(Restorer restorer, Disk disk, Path folder, Entropy entropy) {
        this.restorer = restorer;
        this.disk = disk;
        this.folder = folder;
        this.entropy = entropy;
    }

    RestoredImage restore(
            Restorable history,
            RestoreTarget target,
            VerifyOptions options,
            RestoreProgress progress,
            Findings findings)
            throws IOException {
        Path file = folder.resolve("runnel-verify-" + Long.toHexString(entropy.nextLong()) + ".db");
        RestoreOptions how = RestoreOptions.DEFAULT
                .withIntegrityCheck(options.integrityCheck())
                .withProgress(progress);
        try {
            RestoreReport report = restorer.restore(history, target, file, how);
            findings.restoreTime(report.duration());
            options.question().ifPresent(question -> ask(question, file, findings));
            return report.image();
        } finally {
            disk.delete(file);
        }
    }

    private static void ask(Question question, Path database, Findings findings) {
        try {
            String answer = String.join("\n", SqliteQuery.rows(database, question.sql()));
            findings.answer(answer);
            Optional<String> expected = question.expected();
            if (expected.isPresent() && !expected.get().strip().equals(answer.strip())) {
                findings.add(
                        Verdict.DAMAGED,
                        "the query answers \"" + answer.strip() + "\", not \""
                                + expected.get().strip() + "\"",
                        "Compare with the database, or restore an earlier point.");
            }
        } catch (SQLException e) {
            findings.add(
                    Verdict.DAMAGED,
                    "the query cannot be run on the restored database: " + e.getMessage(),
                    "Check the query on the database itself.");
        }
    }
}
