package dev.runnel.engine;

import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import dev.runnel.platform.FileInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The files that Runnel keeps beside a database: they can be copied, put back, and lost. */
record MetaFiles(Disk disk, Path folder) {
    private static final String LOG = "log";

    void delete() throws IOException {
        for (Path each : folders()) {
            for (FileInfo file : disk.list(each)) {
                if (isFile(file)) {
                    disk.delete(each.resolve(file.name()));
                }
            }
            disk.syncFolder(each);
        }
    }

    Map<Path, byte[]> read() throws IOException {
        Map<Path, byte[]> files = new LinkedHashMap<>();
        for (Path each : folders()) {
            for (FileInfo file : disk.list(each)) {
                if (isFile(file)) {
                    files.put(each.resolve(file.name()), bytes(each.resolve(file.name())));
                }
            }
        }
        return files;
    }

    /** Puts files in the place of those that are there. */
    void put(Map<Path, byte[]> files) throws IOException {
        delete();
        for (Map.Entry<Path, byte[]> each : files.entrySet()) {
            try (DiskFile file = disk.create(each.getKey())) {
                file.write(ByteBuffer.wrap(each.getValue()), 0);
                file.sync();
            }
        }
        for (Path each : folders()) {
            disk.syncFolder(each);
        }
    }

    /** A bit of a change set changes on the disk, if the change set is there. */
    void rot(Txid txid, Random random) throws IOException {
        Path path = folder.resolve(LOG).resolve(txid + ".change");
        if (disk.stat(path).isPresent()) {
            byte[] content = bytes(path);
            int at = random.nextInt(content.length);
            content[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            try (DiskFile file = disk.open(path)) {
                file.write(ByteBuffer.wrap(content, at, 1), at);
                file.sync();
            }
        }
    }

    private List<Path> folders() {
        return List.of(folder.resolve(LOG), folder);
    }

    /** Not one of the folders. */
    private static boolean isFile(FileInfo info) {
        return !info.name().equals(LOG) && !info.name().startsWith("work-");
    }

    private byte[] bytes(Path path) throws IOException {
        try (DiskFile file = disk.openToRead(path)) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(file.size()));
            file.read(bytes, 0);
            return bytes.array();
        }
    }
}
