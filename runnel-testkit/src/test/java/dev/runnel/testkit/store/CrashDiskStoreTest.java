package dev.runnel.testkit.store;

import dev.runnel.platform.Clock;
import dev.runnel.store.FolderStore;
import dev.runnel.store.ObjectStore;
import dev.runnel.testkit.CrashDisk;
import java.nio.file.Path;

/** The folder store does all it does through the disk it is given. */
final class CrashDiskStoreTest implements ObjectStoreContract {
    @Override
    public ObjectStore emptyStore() {
        return new FolderStore(new CrashDisk(Clock.system()), Path.of("/backup/app"));
    }

    @Override
    public long largeObjectSize() {
        return 4L << 20;
    }
}
