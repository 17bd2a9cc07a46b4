package dev.runnel.replica.ltx;

import dev.runnel.platform.Disk;
import dev.runnel.store.FolderStore;
import java.nio.file.Path;
import java.util.List;

/** A replica in the {@code ltx} layout that is a local folder. */
public final class FolderReplica {
    private FolderReplica() {}

    public static LtxReplica at(Disk disk, Path root, BaselineEncoding encoding) {
        return new LtxReplica(new FolderStore(disk, root), LtxKeys.folder(), encoding);
    }

    /** The folders that its files are in. */
    public static List<Path> folders(Path root) {
        return LtxKeys.folder().below(root);
    }
}
