package dev.runnel.age;

import dev.runnel.platform.Disk;
import dev.runnel.store.FolderStore;
import dev.runnel.store.ObjectStore;
import dev.runnel.testkit.store.ObjectStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
final class AgeOverFolderTest implements ObjectStoreContract {
    @TempDir
    private Path folder;

    @Override
    public ObjectStore emptyStore() {
        return TestKeys.encrypted(new FolderStore(Disk.system(), folder.resolve("not/yet/there")));
    }
}
