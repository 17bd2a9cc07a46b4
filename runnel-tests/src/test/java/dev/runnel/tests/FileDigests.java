package dev.runnel.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** What the files of a folder contain. */
final class FileDigests {
    private FileDigests() {}

    /** A digest of each file below a folder. */
    static Map<Path, Long> of(Path folder) throws IOException {
        Map<Path, Long> digests = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                CRC32C crc = new CRC32C();
                crc.update(Files.readAllBytes(file));
                digests.put(file, crc.getValue());
            }
        }
        return digests;
    }
}
