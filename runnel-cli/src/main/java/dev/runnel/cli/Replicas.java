package dev.runnel.cli;

import dev.runnel.cli.config.ReplicaConfig;
import dev.runnel.platform.Disk;
import dev.runnel.replica.ltx.LtxCatalogue;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.store.FolderStore;

/** Opens what a configuration calls a replica. */
final class Replicas {
    private Replicas() {}

    /** The list of its files. */
    static LtxCatalogue catalogue(ReplicaConfig replica) {
        return switch (replica) {
            case ReplicaConfig.Folder folder ->
                new LtxCatalogue(new FolderStore(Disk.system(), folder.path()), LtxKeys.folder());
        };
    }
}
