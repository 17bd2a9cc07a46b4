package dev.runnel.engine;

import dev.runnel.capture.LocalHistory;
import dev.runnel.ledger.Ledger;
import dev.runnel.ledger.PageChecksumTable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a database from "may be attached" to "followed", on the actor's own thread. What uses the disk goes to the disk lane
 * in bounded steps; what waits for a network never does. The health says what takes long.
 */
final class Attachment {
    private static final Logger LOG = LoggerFactory.getLogger(Attachment.class);
    private static final long TELL_AFTER = Duration.ofSeconds(2).toNanos();
    private static final Duration LOOK = Duration.ofMillis(500);

    /** A replica that sends nothing for so long is not read back any further. */
    private static final Duration STALLED = Duration.ofMinutes(2);

    private final DatabaseSpec spec;
    private final EngineResources resources;
    private final HistoryOpening opening;
    private final Attaching attaching;
    private final DiskWork disk;
    private final HealthLog health;
    private final BooleanSupplier isEnding;

    /** @param isEnding asked between two steps; then the database is not attached any more */
    Attachment(
            DatabaseSpec spec,
            EngineResources resources,
            HistoryOpening opening,
            Attaching attaching,
            DiskWork disk,
            HealthLog health,
            BooleanSupplier isEnding) {
        this.spec = spec;
        this.resources = resources;
        this.opening = opening;
        this.attaching = attaching;
        this.disk = disk;
        this.health = health;
        this.isEnding = isEnding;
    }

    /** Attaches; empty if the engine ends first. */
    Optional<Following> attach(HistoryOpening.Found found) throws IOException, InterruptedException {
        Optional<HistoryOpening.Found> next = Optional.of(found);
        while (next.isPresent() && !isEnding.getAsBoolean()) {
            switch (next.get()) {
                case HistoryOpening.Found.Whole(LocalHistory whole) -> {
                    Optional<Following> attached = disk.run("attaching", () -> attaching.resume(whole));
                    if (attached.isPresent()) {
                        return attached;
                    }
                    next = Optional.of(disk.run("starting a new history", () -> opening.startOver(whole)));
                }
                case HistoryOpening.Found.Ledgerless ledgerless -> {
                    FirstScan.Step end = scan(ledgerless);
                    if (end instanceof FirstScan.Step.Attached(Following following)) {
                        return Optional.of(following);
                    }
                    next = end instanceof FirstScan.Step.Differs(long checksum)
                            ? readBack(ledgerless, checksum)
                            : Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    /** Makes the ledger from the database itself, and says how that ended; "more" if the engine ends first. */
    private FirstScan.Step scan(HistoryOpening.Found.Ledgerless found) throws IOException, InterruptedException {
        FirstScan scan = disk.run("opening the database", () -> attaching.begin(found));
        long started = resources.clock().ticks();
        try {
            FirstScan.Step step = new FirstScan.Step.More();
            while (step instanceof FirstScan.Step.More && !isEnding.getAsBoolean()) {
                step = disk.run(scan.doing(), scan::step);
                tell(started, scan.doing(), "capturing begins after that");
            }
            if (step instanceof FirstScan.Step.Attached) {
                attaching.compared();
            }
            return step;
        } finally {
            disk.run("closing the database", () -> {
                scan.close();
                return true;
            });
        }
    }

    private void tell(long started, String doing, String consequence) {
        if (resources.clock().ticks() - started > TELL_AFTER) {
            health.set(new Health.Working(doing + "; " + consequence, "No action needed."));
        }
    }

    /**
     * Makes the ledger from what the replica holds; what differs in the database is then an ordinary change set.
     * Without a replica that can be read back, the log starts again above all TXIDs and a baseline follows. Empty if
     * the engine ends.
     */
    private Optional<HistoryOpening.Found> readBack(HistoryOpening.Found.Ledgerless found, long databaseChecksum)
            throws IOException, InterruptedException {
        if (found.replica().isEmpty()) {
            return Optional.of(startOver(found));
        }
        ReplicaActor from = found.replica().get();
        ReplicaReadBack reading =
                new ReplicaReadBack(from.replica(), found.newest(), spec.path().toString());
        Future<?> thread = reading.start(resources.threads().network());
        boolean done = false;
        try {
            Optional<ReplicaReadBack.Result> result = await(reading, from.name());
            done = reading.result().isDone();
            if (result.isPresent()) {
                return writeLedger(found, result.get(), databaseChecksum);
            }
            return isEnding.getAsBoolean() ? Optional.empty() : Optional.of(startOver(found));
        } finally {
            if (!done) {
                reading.result().cancel(false);
                thread.cancel(true);
            }
        }
    }

    private HistoryOpening.Found startOver(HistoryOpening.Found.Ledgerless found)
            throws IOException, InterruptedException {
        return disk.run("starting a new history", () -> opening.startOver(found));
    }

    private Optional<ReplicaReadBack.Result> await(ReplicaReadBack reading, String from)
            throws IOException, InterruptedException {
        long started = resources.clock().ticks();
        long movedAt = started;
        long seen = reading.progress();
        while (!isEnding.getAsBoolean()) {
            try {
                return reading.result().get(LOOK.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                long now = resources.clock().ticks();
                movedAt = reading.progress() == seen ? movedAt : now;
                seen = reading.progress();
                tell(started, "reading back what " + from + " holds", "what is committed is captured after that");
                if (now - movedAt > STALLED.toNanos()) {
                    LOG.warn(
                            "{}: {} has sent nothing for {} s and is no longer read back; a new snapshot follows",
                            spec.path(),
                            from,
                            STALLED.toSeconds());
                    return Optional.empty();
                }
            } catch (ExecutionException e) {
                throw Futures.asIoException(e.getCause() == null ? e : e.getCause());
            }
        }
        return Optional.empty();
    }

    private Optional<HistoryOpening.Found> writeLedger(
            HistoryOpening.Found.Ledgerless found, ReplicaReadBack.Result result, long databaseChecksum)
            throws IOException, InterruptedException {
        try (result;
                PageChecksumTable.Copy copy = opening.copyToLedger(result)) {
            while (!isEnding.getAsBoolean()) {
                Optional<Ledger> ledger = disk.run("writing the ledger", copy::step);
                if (ledger.isPresent()) {
                    return Optional.of(disk.run(
                            "writing the ledger",
                            () -> new HistoryOpening.Found.Whole(
                                    opening.readBack(found, result.plan(), ledger.get(), databaseChecksum))));
                }
            }
            return Optional.empty();
        }
    }
}
