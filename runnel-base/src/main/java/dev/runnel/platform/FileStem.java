package dev.runnel.platform;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The first part of the names of files that belong to another file and stand beside it. A name has 255 bytes at most, on
 * some file systems fewer, and a database may have used up nearly all of them: then its name is cut, and a checksum of the
 * whole name keeps apart what was cut alike.
 */
public final class FileStem {
    private static final int LONGEST = 100;
    private static final int CHECKSUM = 9;

    private FileStem() {}

    /** The name of a file, or a beginning of it that leaves room for more than a hundred bytes. */
    public static String of(Path file) {
        String name = String.valueOf(file.getFileName());
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= LONGEST) {
            return name;
        }
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return "%s~%08x".formatted(beginning(name), checksum.getValue());
    }

    /** As many whole characters as there is room for. */
    private static String beginning(String name) {
        int room = LONGEST - CHECKSUM;
        int end = 0;
        while (true) {
            int character = name.codePointAt(end);
            room -= Character.toString(character).getBytes(StandardCharsets.UTF_8).length;
            if (room < 0) {
                return name.substring(0, end);
            }
            end += Character.charCount(character);
        }
    }
}
