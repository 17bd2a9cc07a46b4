package dev.runnel.cli;

import dev.runnel.cli.config.Destination;
import dev.runnel.ltx.Scratch;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.replica.Replica;
import dev.runnel.replica.ltx.BaselineEncoding;
import dev.runnel.replica.ltx.FolderReplica;
import dev.runnel.replica.ltx.LtxCatalogue;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.replica.ltx.LtxPolicy;
import dev.runnel.replica.ltx.LtxReplica;
import dev.runnel.store.FolderStore;
import dev.runnel.store.StoreException;
import java.nio.file.Path;
import java.time.Instant;
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
    Replica open(Destination destination, LtxPolicy policy, Path scratch) {
        return open(destination, policy, Scratch.at(disk, scratch));
    }

    /** A replica that is only read. */
    Replica openToRead(Destination destination) {
        return open(destination, LtxPolicy.DEFAULT, () -> {
            throw new UnsupportedOperationException("this replica is only read");
        });
    }

    private Replica open(Destination destination, LtxPolicy policy, Scratch scratch) {
        BaselineEncoding encoding = new BaselineEncoding(compressors, BATCHES_PER_PROCESSOR * processors, scratch);
        return new LtxReplica(store(destination), LtxKeys.folder(), encoding, policy, Clock.system());
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
