package dev.runnel.testkit.store;

import dev.runnel.platform.Disk;
import dev.runnel.store.FolderStore;
import dev.runnel.store.ObjectStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
final class FolderStoreContractTest implements ObjectStoreContract {
    @TempDir
    private Path folder;

    @Override
    public ObjectStore emptyStore() {
        return new FolderStore(Disk.system(), folder.resolve("not/yet/there"));
    }
}
