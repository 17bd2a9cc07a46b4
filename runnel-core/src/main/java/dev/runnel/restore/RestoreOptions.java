package dev.runnel.restore;

/**
 * How to restore.
 *
 * @param parallelism how many runs of pages are fetched and decoded at a time, at least 1
 * @param integrityCheck what SQLite is asked about the database before it gets its name
 * @param existing what to do where there is a database already
 * @param progress is told how far it is
 */
public record RestoreOptions(
        int parallelism, IntegrityCheck integrityCheck, ExistingOutput existing, RestoreProgress progress) {
    /** Eight at a time, no integrity check, nothing replaced. */
    public static final RestoreOptions DEFAULT =
            new RestoreOptions(8, IntegrityCheck.NONE, ExistingOutput.FAIL, (_, _) -> {});

    /** What to do where the output, or a file that SQLite keeps beside it, is there already. */
    public enum ExistingOutput {
        FAIL,
        REPLACE
    }

    public RestoreOptions {
        if (parallelism < 1) {
            throw new IllegalArgumentException("parallelism " + parallelism);
        }
    }

    public RestoreOptions withParallelism(int workers) {
        return new RestoreOptions(workers, integrityCheck, existing, progress);
    }

    public RestoreOptions withIntegrityCheck(IntegrityCheck check) {
        return new RestoreOptions(parallelism, check, existing, progress);
    }

    public RestoreOptions withExisting(ExistingOutput policy) {
        return new RestoreOptions(parallelism, integrityCheck, policy, progress);
    }

    public RestoreOptions withProgress(RestoreProgress listener) {
        return new RestoreOptions(parallelism, integrityCheck, existing, listener);
    }
}
