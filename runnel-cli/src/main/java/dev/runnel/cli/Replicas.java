package dev.runnel.cli;

import dev.runnel.cli.config.Destination;
import dev.runnel.ltx.Scratch;
import dev.runnel.platform.Disk;
import dev.runnel.replica.Replica;
import dev.runnel.replica.Restorable;
import dev.runnel.replica.generations.Generation;
import dev.runnel.replica.generations.GenerationCatalogue;
import dev.runnel.replica.generations.GenerationKeys;
import dev.runnel.replica.generations.GenerationsHistory;
import dev.runnel.replica.ltx.BaselineEncoding;
import dev.runnel.replica.ltx.FolderReplica;
import dev.runnel.replica.ltx.LtxCatalogue;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.replica.ltx.LtxReplica;
import dev.runnel.store.FolderStore;
import dev.runnel.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Opens what a configuration calls a replica. Opening is cheap; nothing is touched before the replica is used. */
final class Replicas {
    private static final int BATCHES_PER_PROCESSOR = 2;

    private final Disk disk;
    private final int processors = Runtime.getRuntime().availableProcessors();
    private final ExecutorService compressors = Executors.newFixedThreadPool(
            processors, Thread.ofPlatform().daemon().name("compress-", 0).factory());

    Replicas(Disk disk) {
        this.disk = disk;
    }

    /**
     * A replica to read from and write to.
     *
     * @param scratch a file that no other replica has, for what a large baseline needs on disk
     */
    Replica open(Destination destination, Path scratch) {
        return open(destination, Scratch.at(disk, scratch));
    }

    /** A replica that is only read. */
    Replica openToRead(Destination destination) {
        return open(destination, () -> {
            throw new UnsupportedOperationException("this replica is only read");
        });
    }

    /**
     * The history at a place in every layout there may be: {@code ltx} first.
     *
     * @param scratch a file that nobody else has, for what a restore needs on disk
     */
    List<Restorable> histories(Destination destination, Path scratch) {
        return List.of(openToRead(destination), generations(destination, scratch));
    }

    /** All history in the {@code generations} layout. */
    private GenerationsHistory generations(Destination destination, Path scratch) {
        return GenerationsHistory.all(store(destination), GenerationKeys.DEFAULT, Scratch.at(disk, scratch));
    }

    /** Every generation at a place: those of the {@code generations} layout, then the chains of the {@code ltx} layout. */
    List<HistoryGeneration> eachGeneration(Destination destination, Path scratch) throws IOException {
        List<HistoryGeneration> found = new ArrayList<>();
        for (Generation generation : generationCatalogue(destination).list()) {
            found.add(new HistoryGeneration.OfWals(
                    generation,
                    GenerationsHistory.one(
                            store(destination), GenerationKeys.DEFAULT, Scratch.at(disk, scratch), generation.name())));
        }
        Replica ltx = openToRead(destination);
        ltx.history().chains().forEach(chain -> found.add(new HistoryGeneration.OfTxids(chain, ltx)));
        return List.copyOf(found);
    }

    /** The list of a replica's generations. */
    GenerationCatalogue generationCatalogue(Destination destination) {
        return new GenerationCatalogue(store(destination), GenerationKeys.DEFAULT);
    }

    private Replica open(Destination destination, Scratch scratch) {
        BaselineEncoding encoding = new BaselineEncoding(compressors, BATCHES_PER_PROCESSOR * processors, scratch);
        return new LtxReplica(store(destination), LtxKeys.folder(), encoding);
    }

    /** Folders of this machine that hold the files of a replica, and may be watched. */
    static List<Path> folders(Destination destination) {
        return switch (destination) {
            case Destination.Folder folder -> FolderReplica.folders(folder.path());
        };
    }

    /** The list of a replica's files. */
    LtxCatalogue catalogue(Destination destination) {
        return new LtxCatalogue(store(destination), LtxKeys.folder());
    }

    /** Removes what uploads of a killed writer have left; for the one who writes there, when it starts. */
    void removeLeftovers(Destination destination, Instant now) throws StoreException {
        store(destination).removeLeftovers(now);
    }

    private FolderStore store(Destination destination) {
        return switch (destination) {
            case Destination.Folder folder -> new FolderStore(disk, folder.path());
        };
    }
}
