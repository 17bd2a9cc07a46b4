package dev.runnel.tests;

import dev.runnel.testkit.oracle.ReplicaOracle;
import dev.runnel.testkit.s3.S3Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A database's replica at S3, in a service of its own that a test can stop. */
final class Bucket implements AutoCloseable {
    static final String NAME = "backups";
    static final String PATH = "app";

    private final S3Service service = S3Service.start();
    private final Path database;
    private final Path mirror;

    /** @param database in the folder where copies of what is in the bucket may be */
    Bucket(Path database) {
        this.database = database;
        this.mirror = database.resolveSibling("mirror");
        service.createBucket(NAME);
    }

    S3Service service() {
        return service;
    }

    /** What names the replica on the command line, with keys in the environment. */
    String url() {
        return "s3://" + NAME + "/" + PATH + "?endpoint=" + service.endpoint();
    }

    static Map<String, String> environment() {
        return Map.of("AWS_ACCESS_KEY_ID", S3Service.ACCESS_KEY, "AWS_SECRET_ACCESS_KEY", S3Service.SECRET_KEY);
    }

    /** Writes a configuration with this replica of the database, and more about it in lines. */
    Path configure(String... settings) {
        String text =
                """
                access-key-id: %s
                secret-access-key: %s
                shutdown-sync-timeout: 60s
                dbs:
                  - path: %s
                    replica:
                      type: s3
                      endpoint: %s
                      bucket: %s
                      path: %s
                """.formatted(S3Service.ACCESS_KEY, S3Service.SECRET_KEY, database, service.endpoint(), NAME, PATH);
        try {
            return Files.writeString(
                    database.resolveSibling("runnel.yml"),
                    text + String.join("\n", settings).indent(6));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts {@code replicate}. */
    ProgramEngine start(Path config) {
        return ProgramEngine.startWith(config, this::replica);
    }

    /** The replica as it is now, as files of a folder. Objects never change, so each is copied once. */
    ReplicaOracle replica() {
        try {
            Set<Path> wanted = new TreeSet<>();
            for (String key : service.keys(NAME, PATH + "/")) {
                Path file = fileOf(key);
                if (Files.exists(file) || copy(key, file)) {
                    wanted.add(file);
                }
            }
            for (Path file : files()) {
                if (!wanted.contains(file)) {
                    Files.delete(file);
                }
            }
            return new ReplicaOracle(mirror);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code app/0001/NAME} is {@code ltx/1/NAME} in a folder. */
    private Path fileOf(String key) {
        String[] parts = key.split("/", -1);
        return mirror.resolve("ltx", String.valueOf(Integer.parseInt(parts[1], 16)), parts[2]);
    }

    private boolean copy(String key, Path file) throws IOException {
        Optional<byte[]> content = service.content(NAME, key);
        if (content.isPresent()) {
            Files.createDirectories(file.getParent());
            Files.write(file, content.get());
        }
        return content.isPresent();
    }

    private List<Path> files() throws IOException {
        Files.createDirectories(mirror);
        try (Stream<Path> files = Files.walk(mirror)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Override
    public void close() {
        service.close();
    }
}
