package dev.runnel.cli;

import dev.runnel.cli.config.ReplicaConfig;
import dev.runnel.ltx.Scratch;
import dev.runnel.platform.Disk;
import dev.runnel.replica.Replica;
import dev.runnel.replica.ltx.BaselineEncoding;
import dev.runnel.replica.ltx.LtxCatalogue;
import dev.runnel.replica.ltx.LtxKeys;
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
     * A replica to read from or write to.
     *
     * @param metaFolder where there is room for what a large baseline needs on disk
     */
    Replica open(ReplicaConfig config, Path metaFolder) {
        Scratch scratch = Scratch.at(disk, metaFolder.resolve("baseline.index"));
        BaselineEncoding encoding = new BaselineEncoding(compressors, BATCHES_PER_PROCESSOR * processors, scratch);
        return new LtxReplica(store(config), LtxKeys.folder(), encoding);
    }

    /** Folders of this machine that hold the files of a replica, and may be watched. */
    static List<Path> folders(ReplicaConfig config) {
        return switch (config) {
            case ReplicaConfig.Folder folder ->
                LtxKeys.folder().folders().stream().map(folder.path()::resolve).toList();
        };
    }

    /** The list of a replica's files. */
    LtxCatalogue catalogue(ReplicaConfig config) {
        return new LtxCatalogue(store(config), LtxKeys.folder());
    }

    /** Removes what uploads of a killed writer have left; for the one who writes there, when it starts. */
    void removeLeftovers(ReplicaConfig config, Instant now) throws StoreException {
        store(config).removeLeftovers(now);
    }

    private FolderStore store(ReplicaConfig config) {
        return switch (config) {
            case ReplicaConfig.Folder folder -> new FolderStore(disk, folder.path());
        };
    }
}
