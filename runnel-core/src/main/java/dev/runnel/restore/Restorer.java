package dev.runnel.restore;

import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.platform.Entropy;
import dev.runnel.platform.RunnelException;
import dev.runnel.replica.PlanSource;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.Restorable;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestoreTarget;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.function.IntFunction;

/**
 * Turns history at a replica into a database file: under a temporary name beside the output, proven, synced, and only then
 * under its own. Whatever fails, what was there before stays as it was; a database that came out wrong is kept under its
 * temporary name, and the error says so.
 */
public final class Restorer {
    private final Disk disk;
    private final Clock clock;
    private final Entropy entropy;
    private final IntFunction<ExecutorService> workers;

    /**
     * @param entropy makes temporary names that differ from those of other processes
     * @param workers makes an executor of so many threads, for one restore, which closes it
     */
    public Restorer(Disk disk, Clock clock, Entropy entropy, IntFunction<ExecutorService> workers) {
        this.disk = disk;
        this.clock = clock;
        this.entropy = entropy;
        this.workers = workers;
    }

    /** A database under its temporary name. */
    private record Assembled(Path temp, RestoredImage image, long fetched) {}

    /**
     * Restores a target.
     *
     * @param output the database file to be; its folder is created if need be
     * @throws RestoreException if the output is in use, cannot be written, or fails the integrity check
     * @throws ReplicaException if the replica does not have the target, whole
     */
    public RestoreReport restore(Restorable replica, RestoreTarget target, Path output, RestoreOptions options)
            throws IOException {
        long start = clock.ticks();
        Output place = new Output(disk, output.toAbsolutePath(), options.existing());
        try {
            place.check();
            Attempts attempts = new Attempts(replica, target);
            Assembled database = attempts.read(
                    (plan, source) -> assemble(plan, source, place.temp(entropy), options, attempts.damaged()));
            List<String> problems = SqliteCheck.problems(database.temp(), options.integrityCheck());
            if (!problems.isEmpty()) {
                throw new RestoreException.IntegrityFailed(
                        database.temp(), problems, database.image().provenBy());
            }
            place.publish(database.temp());
            Duration duration = Duration.ofNanos(clock.ticks() - start);
            return new RestoreReport(database.image(), options.integrityCheck(), database.fetched(), duration);
        } catch (RunnelException | InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw new RestoreException.CannotWrite(output, e);
        }
    }

    private Assembled assemble(
            RestorePlan plan, PlanSource source, Path path, RestoreOptions options, List<String> damaged)
            throws IOException {
        disk.createFolders(Objects.requireNonNull(path.getParent()));
        try (TempDatabase temp = TempDatabase.create(disk, path)) {
            Transfer transfer = new Transfer(source, temp.file(), options.progress(), plan.totalSize());
            PageTally tally;
            try (ExecutorService executor = workers.apply(options.parallelism())) {
                tally = transfer.run(executor, options.parallelism());
            }
            ProvenBy provenBy = prove(tally, source, temp);
            temp.file().setSize((long) source.pageSize() * source.pageCount());
            temp.file().sync();
            temp.keep();
            RestoredImage image =
                    new RestoredImage(plan, source.pageSize(), source.pageCount(), tally.checksum(), provenBy, damaged);
            return new Assembled(path, image, transfer.fetched());
        }
    }

    /** Keeps as evidence what is wrong for no reason that could be found. */
    private static ProvenBy prove(PageTally tally, PlanSource source, TempDatabase temp) throws IOException {
        try {
            return tally.prove(source);
        } catch (ReplicaException.Damaged e) {
            if (e.key().isPresent()) {
                throw e;
            }
            temp.keep();
            throw new ReplicaException.Damaged(
                    e.getMessage() + "; what they give is kept as " + temp.path(), e.nextStep());
        }
    }
}
