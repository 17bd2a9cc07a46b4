package dev.runnel.cli;

import dev.runnel.cli.config.Destination;
import dev.runnel.ltx.Scratch;
import dev.runnel.platform.Disk;
import dev.runnel.replica.Replica;
import dev.runnel.replica.ltx.BaselineEncoding;
import dev.runnel.replica.ltx.FolderReplica;
import dev.runnel.replica.ltx.LtxCatalogue;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.replica.ltx.LtxReplica;
import dev.runnel.s3.S3Clients;
import dev.runnel.s3.S3Store;
import dev.runnel.store.FolderStore;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.StoreException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Opens what a configuration calls a replica. Opening is cheap; nothing is touched before the replica is used. */
final class Replicas {
    private static final int BATCHES_PER_PROCESSOR = 2;

    private final Disk disk;
    private final Map<String, String> environment;
    private final int processors = Runtime.getRuntime().availableProcessors();
    private final ExecutorService compressors = Executors.newFixedThreadPool(
            processors, Thread.ofPlatform().daemon().name("compress-", 0).factory());
    private Optional<S3Clients> s3Clients = Optional.empty();

    /** @param environment where credentials are looked for that the configuration does not have */
    Replicas(Disk disk, Map<String, String> environment) {
        this.disk = disk;
        this.environment = environment;
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

    private Replica open(Destination destination, Scratch scratch) {
        BaselineEncoding encoding = new BaselineEncoding(compressors, BATCHES_PER_PROCESSOR * processors, scratch);
        return new LtxReplica(store(destination), keys(destination), encoding);
    }

    /** Folders of this machine that hold the files of a replica, and may be watched. */
    static List<Path> folders(Destination destination) {
        return switch (destination) {
            case Destination.Folder folder -> FolderReplica.folders(folder.path());
            case Destination.S3 _ -> List.of();
        };
    }

    /** The list of a replica's files. */
    LtxCatalogue catalogue(Destination destination) {
        return new LtxCatalogue(store(destination), keys(destination));
    }

    /** Removes what uploads of a killed writer have left; for the one who writes there, when it starts. */
    void removeLeftovers(Destination destination, Instant now) throws StoreException {
        switch (destination) {
            case Destination.Folder(var path) -> new FolderStore(disk, path).removeLeftovers(now);
            case Destination.S3(var settings) -> new S3Store(s3Clients(), settings).removeLeftovers(now);
        }
    }

    private ObjectStore store(Destination destination) {
        return switch (destination) {
            case Destination.Folder(var path) -> new FolderStore(disk, path);
            case Destination.S3(var settings) -> new S3Store(s3Clients(), settings);
        };
    }

    private static LtxKeys keys(Destination destination) {
        return switch (destination) {
            case Destination.Folder _ -> LtxKeys.folder();
            case Destination.S3 _ -> LtxKeys.s3();
        };
    }

    /** Made when it is first needed: loading Amazon's library takes longer than many a command. */
    private synchronized S3Clients s3Clients() {
        S3Clients clients = s3Clients.orElseGet(() -> new S3Clients(environment));
        s3Clients = Optional.of(clients);
        return clients;
    }
}
