package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.Seeds;
import dev.runnel.testkit.sql.SqlFailure;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Whatever becomes of Runnel's own files between two starts, the next commit is restorable in time. */
@Tag("slow")
class MetaFolderFuzzTest {
    private static final int USUAL_ROUNDS = 5;
    private static final int MOST_MUTATIONS = 4;
    private static final long SPARSE = 1L << 30;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private enum Mutation {
        FLIP,
        CUT,
        EMPTY,
        REPLACE,
        APPEND,
        DELETE,
        RENAME,
        COPY_OVER_ANOTHER,
        MAKE_HUGE
    }

    @Test
    void i38WhateverIsInTheMetaFolderTheNextCommitIsRestorable() throws SqlFailure, IOException {
        Scene scene = new Scene(folder);
        Random random = new Random(Seeds.of("files of the meta folder"));
        try (Application application = Application.start(scene.database())) {
            for (int round = 0; round < Seeds.rounds(USUAL_ROUNDS); round++) {
                try (ProgramEngine engine = scene.startRunnel()) {
                    scene.nextCommitIsRestorable(application, engine);
                    application.orders(random.nextInt(10), "of a round");
                    assertThat(engine.log()).doesNotContain("internal error");
                    if (random.nextBoolean()) {
                        assertThat(engine.stop()).as(engine.log()).isZero();
                    }
                }
                application.orders(random.nextInt(3), "while nobody follows");
                mutate(scene.metaFolder(), random);
            }
            try (ProgramEngine engine = scene.startRunnel()) {
                scene.nextCommitIsRestorable(application, engine);
                assertThat(engine.stop()).as(engine.log()).isZero();
            }
        }
        scene.replica().checkAll();
    }

    private static void mutate(Path meta, Random random) throws IOException {
        for (int i = random.nextInt(MOST_MUTATIONS) + 1; i > 0; i--) {
            List<Path> files = filesIn(meta);
            if (!files.isEmpty()) {
                Path file = files.get(random.nextInt(files.size()));
                Mutation mutation = Mutation.values()[random.nextInt(Mutation.values().length)];
                System.out.println(mutation + " " + meta.relativize(file));
                mutate(file, mutation, files.get(random.nextInt(files.size())), random);
            }
        }
    }

    private static void mutate(Path file, Mutation mutation, Path other, Random random) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        byte[] garbage = new byte[random.nextInt(20_000)];
        random.nextBytes(garbage);
        switch (mutation) {
            case FLIP -> {
                if (bytes.length > 0) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                    Files.write(file, bytes);
                }
            }
            case CUT -> Files.write(file, Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
            case EMPTY -> Files.write(file, new byte[0]);
            case REPLACE -> Files.write(file, garbage);
            case APPEND -> Files.write(file, garbage, StandardOpenOption.APPEND);
            case DELETE -> Files.delete(file);
            case RENAME ->
                Files.move(
                        file,
                        file.resolveSibling(String.format("%016x.change", random.nextInt(40))),
                        StandardCopyOption.REPLACE_EXISTING);
            case COPY_OVER_ANOTHER -> Files.write(other, bytes);
            case MAKE_HUGE -> {
                try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
                    sparse.setLength(SPARSE);
                }
            }
        }
    }

    /** But for those that a mutation has made too large to be read here. */
    private static List<Path> filesIn(Path meta) throws IOException {
        try (Stream<Path> files = Files.walk(meta)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toFile().length() < SPARSE)
                    .sorted()
                    .toList();
        }
    }
}
