package dev.runnel.restore;

import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.replica.Replica;
import dev.runnel.replica.ltx.BaselineEncoding;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.replica.ltx.LtxReplica;
import dev.runnel.store.FolderStore;
import dev.runnel.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;

/** What tests of the restore have in common. */
final class Restores {
    private Restores() {}

    static Restorer restorer() {
        return restorer(Disk.system());
    }

    static Restorer restorer(Disk disk) {
        return new Restorer(disk, Clock.system(), new Random()::nextLong, Executors::newFixedThreadPool);
    }

    static Replica replica(ObjectStore store) {
        return new LtxReplica(store, LtxKeys.folder(), new BaselineEncoding(ForkJoinPool.commonPool(), 1, () -> {
            throw new IOException("these tests write no baselines through the replica");
        }));
    }

    static Replica replicaIn(Path folder) {
        return replica(new FolderStore(Disk.system(), folder));
    }

    static String sha256(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
