package dev.runnel.testkit;

import dev.runnel.platform.Disk;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class SystemDiskTest implements DiskContract {
    @TempDir
    Path folder;

    @Override
    public Disk disk() {
        return Disk.system();
    }

    @Override
    public Path folder() {
        return folder;
    }
}
