package dev.runnel.setup;

import dev.runnel.doctor.Fault;
import dev.runnel.doctor.Histories;
import dev.runnel.doctor.Kind;
import dev.runnel.doctor.LocalFiles;
import dev.runnel.doctor.Names;
import dev.runnel.doctor.Stake;
import dev.runnel.engine.DatabaseSpec;
import dev.runnel.platform.ProcessLock;
import dev.runnel.replica.HistoryExtent;
import dev.runnel.replica.OwnTimes;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.Restorable;
import dev.runnel.replica.generations.Generation;
import dev.runnel.replica.inventory.HistoryObject;
import dev.runnel.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Finds what is wrong at replicas and in the local files of databases, by listings and the headers of newest objects. What
 * it repairs is what Runnel itself removes or rebuilds when it starts.
 */
public final class Examination {
    private static final String HOLDER = "process ";

    private final Replicas replicas;
    private final Instant now;

    /** @param now what is older than a day then is left over; so a repair removes what was listed before, and no more */
    public Examination(Replicas replicas, Instant now) {
        this.replicas = replicas;
        this.now = now;
    }

    /** What is wrong with the local files of a database. */
    public List<Fault> local(Path metaFolder) throws IOException {
        return files(metaFolder).faults();
    }

    /** The other process that follows a database, as far as its lock file says. */
    public Optional<String> follower(Path metaFolder) throws IOException {
        return ProcessLock.otherHolder(replicas.disk(), DatabaseSpec.lockFile(metaFolder))
                .filter(Examination::isAlive);
    }

    private static boolean isAlive(String holder) {
        try {
            return !holder.startsWith(HOLDER)
                    || ProcessHandle.of(Long.parseLong(holder.substring(HOLDER.length())))
                            .isPresent();
        } catch (NumberFormatException _) {
            return true;
        }
    }

    /**
     * What is wrong at a replica.
     *
     * @param metaFolder where Runnel has its files for the database on this machine, if it follows it
     * @throws StoreException if the replica cannot be read
     */
    public List<Fault> replica(ReplicaConfig replica, Optional<Path> metaFolder) throws IOException {
        OptionalLong lineage = metaFolder.isPresent() ? files(metaFolder.get()).lineage() : OptionalLong.empty();
        Histories histories = new Histories(now, lineage);
        OwnTimes ltxTimes = new OwnTimes(
                replicas.store(replica), replica.location().traits().listedTimes());
        List<HistoryObject> files =
                ltxTimes.of(replicas.catalogue(replica).list(), HistoryObject::key, HistoryObject::withTime);
        List<Fault> found = new ArrayList<>();
        Optional<HistoryExtent> ltx = extent(replicas.ltxToRead(replica), found);
        Optional<HistoryExtent> generations = extent(replicas.allGenerations(replica, noScratch()), found);
        found.addAll(histories.ltx(files, ltx.map(HistoryExtent::lineage).orElse(OptionalLong.empty())));
        found.addAll(histories.generations(generations(replica)));
        ltx.map(extent -> histories.header(files, extent)).ifPresent(found::addAll);
        found.addAll(Histories.layouts(replica.location().display(), ltx, generations));
        found.addAll(Replicas.names(replica.location()).foreign(replicas.store(replica)));
        Optional<HistoryExtent> written = replica.layout() instanceof Layout.Ltx ? ltx : generations;
        if (metaFolder.isPresent() && written.isPresent()) {
            boolean isFollowed = follower(metaFolder.get()).isPresent();
            found.addAll(files(metaFolder.get()).difference(written.get(), isFollowed));
        }
        return List.copyOf(found);
    }

    /**
     * What uploads that were cut short have left at a replica.
     *
     * @throws StoreException if the store does not list it, which says nothing about the rest
     */
    public List<Fault> leftovers(ReplicaConfig replica) throws IOException {
        return Names.leftovers(replicas.leftovers(replica.location(), now));
    }

    private List<Generation> generations(ReplicaConfig replica) throws IOException {
        OwnTimes times = new OwnTimes(
                replicas.generationsStore(replica), replica.location().traits().listedTimes());
        List<Generation> found = new ArrayList<>();
        for (Generation generation : replicas.generationCatalogue(replica).list()) {
            found.add(generation.withOwnTimes(times));
        }
        return List.copyOf(found);
    }

    /** A restore writes there; an extent does not. */
    private static Path noScratch() {
        return Path.of("runnel-doctor.tmp");
    }

    /** What cannot be decrypted here says nothing. */
    private static Optional<HistoryExtent> extent(Restorable history, List<Fault> found) throws IOException {
        try {
            return history.extent();
        } catch (StoreException.Encryption _) {
            return Optional.empty();
        } catch (ReplicaException.NotReachable e) {
            found.add(new Fault(Kind.TIME, history.description(), e.reason(), Stake.NOTHING, e.nextStep(), List.of()));
            return Optional.empty();
        }
    }

    private LocalFiles files(Path metaFolder) {
        return new LocalFiles(replicas.disk(), DatabaseSpec.logFolder(metaFolder), DatabaseSpec.ledgerFile(metaFolder));
    }

    /**
     * Removes what {@link #local} says is removable. Only while the lock of the folder is held.
     *
     * @param faults found by {@link #local} after the lock was taken
     */
    public void repairLocal(List<Fault> faults) throws IOException {
        for (Fault fault : faults) {
            for (String file : fault.removable()) {
                replicas.disk().delete(Path.of(file));
            }
        }
    }

    /** Removes what {@link #leftovers} says is removable. Only while no process follows the database. */
    public void removeLeftovers(ReplicaConfig replica) throws IOException {
        replicas.removeLeftovers(replica.location(), now);
    }
}
