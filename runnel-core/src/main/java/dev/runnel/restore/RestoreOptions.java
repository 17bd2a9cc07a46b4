package dev.runnel.restore;

import dev.runnel.platform.FileOwner;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How to restore.
 *
 * @param parallelism how many runs of pages are fetched and decoded at a time, at least 1
 * @param integrityCheck what SQLite is asked about the database before it gets its name
 * @param existing what to do if the database exists already
 * @param lockFiles of processes of Runnel that may be following a database that is replaced
 * @param owner the owner of the database; without it a new file belongs to the user of this process, and one that
 *     replaces another keeps its owner
 * @param progress is notified of the progress
 */
public record RestoreOptions(
        int parallelism,
        IntegrityCheck integrityCheck,
        ExistingOutput existing,
        List<Path> lockFiles,
        Optional<FileOwner> owner,
        RestoreProgress progress) {
    /** Eight at a time, no integrity check, nothing replaced. */
    public static final RestoreOptions DEFAULT =
            new RestoreOptions(8, IntegrityCheck.NONE, ExistingOutput.FAIL, List.of(), Optional.empty(), (_, _) -> {});

    /** What to do where the output, or a file that SQLite keeps beside it, is there already. */
    public enum ExistingOutput {
        FAIL,
        REPLACE
    }

    public RestoreOptions {
        if (parallelism < 1) {
            throw new IllegalArgumentException("parallelism " + parallelism);
        }
        lockFiles = List.copyOf(lockFiles);
    }

    public RestoreOptions withParallelism(int workers) {
        return new RestoreOptions(workers, integrityCheck, existing, lockFiles, owner, progress);
    }

    public RestoreOptions withIntegrityCheck(IntegrityCheck check) {
        return new RestoreOptions(parallelism, check, existing, lockFiles, owner, progress);
    }

    public RestoreOptions withExisting(ExistingOutput policy) {
        return new RestoreOptions(parallelism, integrityCheck, policy, lockFiles, owner, progress);
    }

    public RestoreOptions withLockFiles(List<Path> files) {
        return new RestoreOptions(parallelism, integrityCheck, existing, files, owner, progress);
    }

    public RestoreOptions withOwner(Optional<FileOwner> user) {
        return new RestoreOptions(parallelism, integrityCheck, existing, lockFiles, user, progress);
    }

    public RestoreOptions withProgress(RestoreProgress listener) {
        return new RestoreOptions(parallelism, integrityCheck, existing, lockFiles, owner, listener);
    }
}
