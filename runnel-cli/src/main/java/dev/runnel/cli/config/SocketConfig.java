package dev.runnel.cli.config;

import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/**
 * Where the control socket is.
 *
 * @param permissions who may connect: whoever may write to it
 */
public record SocketConfig(Path path, Set<PosixFilePermission> permissions) {
    /** Litestream's, so that the clients of either find the daemon of the other. */
    public static final Path DEFAULT_PATH = Path.of("/var/run/litestream.sock");

    static final Set<PosixFilePermission> DEFAULT_PERMISSIONS =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private static final int ALL = 0777;

    public SocketConfig {
        permissions = Set.copyOf(permissions);
    }

    /** Reads a mode, in octal digits as {@code chmod} takes it. */
    static Set<PosixFilePermission> parseMode(String text) {
        int mode;
        try {
            mode = Integer.parseInt(text.startsWith("0o") ? text.substring(2) : text, 8);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "expected a mode in octal digits such as 0600, found \"" + text + "\"", e);
        }
        if (mode < 0 || mode > ALL) {
            throw new IllegalArgumentException("expected a mode from 0000 to 0777, found \"" + text + "\"");
        }
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] fromOwner = PosixFilePermission.values();
        for (int i = 0; i < fromOwner.length; i++) {
            if ((mode & (0400 >> i)) != 0) {
                permissions.add(fromOwner[i]);
            }
        }
        return permissions;
    }
}
