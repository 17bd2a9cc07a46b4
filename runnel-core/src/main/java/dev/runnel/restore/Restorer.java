package dev.runnel.restore;

import dev.runnel.ltx.PageSize;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.platform.Entropy;
import dev.runnel.platform.RunnelException;
import dev.runnel.replica.PlanSource;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.Restorable;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.store.StoreException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.IntFunction;

/**
 * Turns history at a replica into a database file: under a temporary name beside the output, proven, synced, and only
 * then under its own. If anything fails, what was there before stays as it was; a database that came out wrong is kept
 * under its temporary name, and the error says so. Pages that a restore had written when its replica failed, or when it
 * was killed, are found, checked and used by the next restore to the same output.
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
    private record Assembled(Path temp, RestoredImage image, long fetched, long resumedPages) {}

    /**
     * Restores a target.
     *
     * @param output the database file to be; its folder is created if necessary
     * @throws RestoreException if the output is in use, cannot be written, or fails the integrity check
     * @throws ReplicaException if the replica does not have the target, whole
     */
    public RestoreReport restore(Restorable replica, RestoreTarget target, Path output, RestoreOptions options)
            throws IOException {
        long start = clock.ticks();
        try {
            Output place = new Output(disk, entropy, output, options);
            place.check();
            Attempts attempts = new Attempts(replica, target);
            Optional<Assembled> assembled = Optional.empty();
            while (assembled.isEmpty()) {
                assembled = attempts.read((plan, source) -> assemble(plan, source, place, options, attempts.damaged()));
            }
            Assembled database = assembled.get();
            List<String> problems = SqliteCheck.problems(database.temp(), options.integrityCheck());
            if (!problems.isEmpty()) {
                TempDatabase.forget(disk, database.temp());
                throw new RestoreException.IntegrityFailed(
                        database.temp(), problems, database.image().provenBy());
            }
            List<String> warnings = new ArrayList<>(place.publish(
                    database.temp(),
                    new PageSize(database.image().pageSize()),
                    database.image().pageCount()));
            warnings.addAll(forgetNotes(database.temp()));
            Duration duration = Duration.ofNanos(clock.ticks() - start);
            return new RestoreReport(
                    database.image(),
                    options.integrityCheck(),
                    database.fetched(),
                    database.resumedPages(),
                    List.copyOf(warnings),
                    duration);
        } catch (RunnelException | InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw new RestoreException.CannotWrite(output, e);
        }
    }

    /** What is left of them harms nothing: the next restore removes notes without a database. */
    private List<String> forgetNotes(Path temp) {
        try {
            TempDatabase.forget(disk, temp);
            return List.of();
        } catch (IOException e) {
            return List.of("notes of this restore could not be deleted: " + e.getMessage()
                    + ". No action needed: the next restore to this file deletes them");
        }
    }

    /** Empty if what an earlier restore had left did not lead to the right database; it is gone now. */
    private Optional<Assembled> assemble(
            RestorePlan plan, PlanSource source, Output output, RestoreOptions options, List<String> damaged)
            throws IOException {
        output.createFolder();
        try (TempDatabase temp = temp(source, output.path())) {
            Transfer transfer = new Transfer(source, temp, options.progress(), plan.totalSize());
            PageTally tally = move(transfer, temp, options);
            long resumed = temp.moved().map(MovedPages::present).orElse(0L);
            if (resumed > 0 && source.databaseChecksum().orElseThrow() != tally.checksum()) {
                return Optional.empty();
            }
            ProvenBy provenBy = prove(tally, source, temp);
            temp.file().setSize((long) source.pageSize() * source.pageCount());
            temp.file().sync();
            temp.keepUntilPublished();
            RestoredImage image =
                    new RestoredImage(plan, source.pageSize(), source.pageCount(), tally.checksum(), provenBy, damaged);
            return Optional.of(new Assembled(temp.path(), image, transfer.fetched(), resumed));
        }
    }

    /** Continues with what an earlier restore has left, if its pages can be verified; else starts over. */
    private TempDatabase temp(PlanSource source, Path output) throws IOException {
        Leftovers leftovers = new Leftovers(disk, output, entropy);
        boolean proven = source.databaseChecksum().isPresent();
        Optional<TempDatabase> left = leftovers.take(source.pageSize());
        if (left.isPresent() && proven) {
            return left.get();
        }
        if (left.isPresent()) {
            left.get().close();
        }
        return leftovers.create(source.pageSize());
    }

    /** Where the replica is to blame, what was moved is left for the next attempt, in this process or another. */
    private PageTally move(Transfer transfer, TempDatabase temp, RestoreOptions options) throws IOException {
        try (ExecutorService executor = workers.apply(options.parallelism())) {
            return transfer.run(executor, options.parallelism());
        } catch (StoreException | ReplicaException e) {
            temp.leaveForNext();
            throw e;
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
            throw new ReplicaException.Damaged(e.getMessage() + "; the result is kept as " + temp.path(), e.nextStep());
        }
    }
}
