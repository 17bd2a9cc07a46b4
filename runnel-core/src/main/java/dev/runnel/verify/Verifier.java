package dev.runnel.verify;

import dev.runnel.log.LoggedStates;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Entropy;
import dev.runnel.replica.History;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.Restorable;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.restore.ProvenBy;
import dev.runnel.restore.ReadBack;
import dev.runnel.restore.RestoreException;
import dev.runnel.restore.RestoreProgress;
import dev.runnel.restore.RestoredImage;
import dev.runnel.verify.VerifyOptions.State;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Verifies histories: finds missing objects, reads the others, and compares the result with what was recorded when it was
 * written. Nothing is changed. For one thread.
 */
public final class Verifier {
    private final VerifyOptions options;
    private final ScratchRestore scratch;
    private final Clock clock;
    private final Entropy entropy;
    private final RestoreProgress progress;

    /**
     * A verifier.
     *
     * @param scratch restores to files; used by {@link Depth#RESTORE}
     * @param entropy chooses a random state
     */
    public Verifier(
            VerifyOptions options, ScratchRestore scratch, Clock clock, Entropy entropy, RestoreProgress progress) {
        this.options = options;
        this.scratch = scratch;
        this.clock = clock;
        this.entropy = entropy;
        this.progress = progress;
    }

    /**
     * Verifies one history. Empty if there is nothing in it.
     *
     * @param name what the report calls it
     * @param recorded what this machine has recorded of the database, if this is its own history
     * @throws dev.runnel.store.StoreException if the replica cannot be read, which says nothing about the history
     */
    public Optional<HistoryReport> verify(String name, Restorable history, Optional<LoggedStates> recorded)
            throws IOException {
        Findings findings = new Findings(name, clock);
        Newest newest;
        try {
            RestoreTarget latest = new RestoreTarget.Latest();
            newest = new Newest(Optional.of(latest), history.plan(latest).reached());
        } catch (ReplicaException.NothingToRestore _) {
            return Optional.empty();
        } catch (ReplicaException.NotReachable e) {
            findings.add(Verdict.LOST, e);
            newest = beforeHole(history);
        }
        switch (options.depth()) {
            case NAMES -> {}
            case BYTES -> history.readObjects(findings);
            case PAGES, RESTORE -> {
                Optional<RestoreTarget> random = options.state() == State.RANDOM ? random(history) : Optional.empty();
                Optional<RestoreTarget> target = random.or(newest::target);
                if (target.isPresent()) {
                    verifyState(history, target.get(), findings);
                }
            }
        }
        if (recorded.isPresent()) {
            compare(newest.txid(), recorded.get(), findings);
        }
        return Optional.of(findings.report());
    }

    /**
     * The newest state.
     *
     * @param target restores it; empty if it cannot be restored
     * @param txid its TXID, as far as names tell
     */
    private record Newest(Optional<RestoreTarget> target, Txid txid) {}

    private static Newest beforeHole(Restorable history) throws IOException {
        Optional<History.Chain> chain = newestChain(history);
        if (chain.isEmpty()) {
            return new Newest(Optional.empty(), Txid.NONE);
        }
        Txid last = chain.get().txids().max();
        RestoreTarget target = new RestoreTarget.AtTxid(last);
        return new Newest(isReachable(history, target) ? Optional.of(target) : Optional.empty(), last);
    }

    private static boolean isReachable(Restorable history, RestoreTarget target) throws IOException {
        try {
            history.plan(target);
            return true;
        } catch (ReplicaException.NotReachable _) {
            return false;
        }
    }

    private void verifyState(Restorable history, RestoreTarget target, Findings findings) throws IOException {
        try {
            RestoredImage image = options.depth() == Depth.RESTORE
                    ? scratch.restore(history, target, options, progress, findings)
                    : readPages(history, target);
            findings.image(image);
            for (String key : image.damaged()) {
                findings.add(Verdict.DAMAGED, key + " is damaged; other objects hold what it held", "");
            }
            if (image.provenBy() == ProvenBy.FILE_CHECKSUMS) {
                findings.add(
                        Verdict.WITHOUT_PROOF,
                        "the history does not say what checksum the database has to have; each object has its own",
                        "");
            }
        } catch (ReplicaException.Damaged | RestoreException.IntegrityFailed e) {
            findings.add(Verdict.DAMAGED, e);
        } catch (ReplicaException.NotReachable e) {
            findings.add(Verdict.LOST, e);
        }
    }

    /** A state of a random time; empty if it is unknown which one that is, because the clock was set. */
    private Optional<RestoreTarget> random(Restorable history) throws IOException {
        Optional<RestoreTarget> target = newestChain(history).map(chain -> new RestoreTarget.AtTime(randomTime(chain)));
        return target.isPresent() && isReachable(history, target.get()) ? target : Optional.empty();
    }

    private static Optional<History.Chain> newestChain(Restorable history) throws IOException {
        return history.history().chains().stream().reduce((_, last) -> last);
    }

    private Instant randomTime(History.Chain chain) {
        long millis = Duration.between(chain.from(), chain.to()).toMillis();
        return millis <= 0 ? chain.to() : chain.from().plusMillis(Math.floorMod(entropy.nextLong(), millis + 1));
    }

    private RestoredImage readPages(Restorable history, RestoreTarget target) throws IOException {
        return new ReadBack(history).read(target, new ReadBack.PageChecksums() {
            private long size;
            private long pages;
            private long pageCount;

            @Override
            public void begin(RestorePlan plan, PageSize pageSize, int count) {
                size = plan.totalSize();
                pages = 0;
                pageCount = Math.max(1, count);
            }

            @Override
            public void page(int number, long checksum) {
                pages++;
                progress.fetched((long) (size * ((double) pages / pageCount)), size);
            }
        });
    }

    private static void compare(Txid there, LoggedStates recorded, Findings findings) throws IOException {
        Optional<Txid> here = recorded.newest();
        if (here.isPresent() && here.get().isAfter(there)) {
            String text = "the newest state there is TXID " + there + ", and that of this machine " + here.get();
            findings.add(Verdict.DELAYED, text, "");
        }
        Optional<RestoredImage> image =
                findings.image().filter(found -> found.plan().hasTxid());
        if (image.isPresent()) {
            compare(image.get(), recorded, findings);
        }
    }

    /** The log does not have every state: what all replicas have is removed from it. */
    private static void compare(RestoredImage image, LoggedStates recorded, Findings findings) throws IOException {
        Optional<Proof> proof = recorded.at(image.plan().reached());
        if (proof.isEmpty()) {
            return;
        }
        boolean isEqual = proof.get().databaseChecksum() == image.checksum();
        findings.comparison(isEqual ? HistoryReport.Comparison.EQUAL : HistoryReport.Comparison.DIFFERENT);
        if (!isEqual) {
            findings.add(
                    Verdict.DAMAGED,
                    image.plan().point() + " restores to another database than the one that this machine recorded",
                    "Start Runnel: it compares its history with the replica, and continues with a snapshot if they differ.");
        }
    }
}
