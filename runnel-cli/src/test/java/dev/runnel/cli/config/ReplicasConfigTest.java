package dev.runnel.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.cli.config.ConfigFile.Expansion;
import dev.runnel.s3.S3LocationType;
import dev.runnel.setup.Locations;
import dev.runnel.setup.ReplicaConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the replicas of a database are, and what they are called. */
class ReplicasConfigTest {
    @TempDir
    private Path folder;

    @Test
    void replicasAtS3TakeTheirOwnKeysThenThoseOfTheTopThenTheUrl() throws IOException {
        Files.writeString(folder.resolve("key"), "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n");
        Config config = read("""
                access-key-id: top-id
                secret-access-key: top-secret
                region: top-region
                dbs:
                  - path: /data/a.db
                    replica:
                      type: s3
                      bucket: backups
                      path: app
                      endpoint: 127.0.0.1:9000
                      part-size: 16MiB
                      concurrency: 3
                      sign-payload: no
                      sse-customer-key-path: FOLDER/key
                  - path: /data/b.db
                    replica: {url: "s3://b/p?region=url-region&storageClass=STANDARD_IA", region: own-region}
                """.replace("FOLDER", folder.toString()));
        assertThat(config.databases().get(0).replicas())
                .containsExactly(s3Replica(Map.ofEntries(
                        Map.entry("access-key-id", "top-id"),
                        Map.entry("secret-access-key", "top-secret"),
                        Map.entry("region", "top-region"),
                        Map.entry("bucket", "backups"),
                        Map.entry("path", "app"),
                        Map.entry("endpoint", "127.0.0.1:9000"),
                        Map.entry("part-size", "16777216"),
                        Map.entry("concurrency", "3"),
                        Map.entry("sign-payload", "false"),
                        Map.entry("sse-customer-key", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="))));
        assertThat(config.databases().get(1).replicas())
                .containsExactly(s3Replica(Map.of(
                        "access-key-id", "top-id",
                        "secret-access-key", "top-secret",
                        "region", "own-region",
                        "bucket", "b",
                        "path", "p",
                        "storage-class", "STANDARD_IA")));
        assertThat(config.toString()).doesNotContain("top-secret").doesNotContain("MDEyMzQ1");
    }

    private static ReplicaConfig s3Replica(Map<String, String> values) {
        return ReplicaConfig.at(new S3LocationType().locate(values, Map.of()));
    }

    @Test
    void i40TwoDatabasesInOnePlaceOfABucketAreRefused() {
        assertThatThrownBy(() -> read("""
                dbs:
                  - path: /data/a.db
                    replica: {url: "s3://b/p"}
                  - path: /data/b.db
                    replica: {type: s3, bucket: b, path: p}
                """))
                .hasMessageContaining("dbs[0].replica has the same location already: s3://b/p");
    }

    @Test
    void twoReplicasOfADatabaseInOnePlaceAreRefused() {
        assertThatThrownBy(() -> read("dbs: [{path: /a.db, replicas: [{path: /b}, {name: other, path: /c/../b}]}]\n"))
                .hasMessageContaining(
                        "line 1, column 44: dbs[0].replicas[1]: dbs[0].replicas[0] has the same location");
    }

    @Test
    void twoReplicasOfADatabaseWithOneNameAreRefused() {
        assertThatThrownBy(() -> read("dbs: [{path: /a.db, replicas: [{path: /b}, {path: /c}]}]\n"))
                .hasMessageContaining("line 1, column 44: dbs[0].replicas[1]: dbs[0].replicas[0] is called \"file\"");
    }

    private Config read(String text) throws IOException {
        Path file = folder.resolve("runnel.yml");
        Files.writeString(file, text);
        return new ConfigFile(Map.of(), new Locations(folder, folder, Map.of())).read(file, Expansion.EXPAND);
    }
}
