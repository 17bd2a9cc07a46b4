package dev.runnel.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.cli.config.ConfigFile.Expansion;
import dev.runnel.s3.S3Option;
import dev.runnel.s3.S3Settings;
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
                        Map.entry(S3Option.ACCESS_KEY_ID, "top-id"),
                        Map.entry(S3Option.SECRET_ACCESS_KEY, "top-secret"),
                        Map.entry(S3Option.REGION, "top-region"),
                        Map.entry(S3Option.BUCKET, "backups"),
                        Map.entry(S3Option.PATH, "app"),
                        Map.entry(S3Option.ENDPOINT, "127.0.0.1:9000"),
                        Map.entry(S3Option.PART_SIZE, "16777216"),
                        Map.entry(S3Option.CONCURRENCY, "3"),
                        Map.entry(S3Option.SIGN_PAYLOAD, "false"),
                        Map.entry(S3Option.SSE_CUSTOMER_KEY, "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="))));
        assertThat(config.databases().get(1).replicas())
                .containsExactly(s3Replica(Map.of(
                        S3Option.ACCESS_KEY_ID, "top-id",
                        S3Option.SECRET_ACCESS_KEY, "top-secret",
                        S3Option.REGION, "own-region",
                        S3Option.BUCKET, "b",
                        S3Option.PATH, "p",
                        S3Option.STORAGE_CLASS, "STANDARD_IA")));
        assertThat(config.toString()).doesNotContain("top-secret").doesNotContain("MDEyMzQ1");
    }

    private static ReplicaConfig s3Replica(Map<S3Option, String> options) {
        return ReplicaConfig.at(new Destination.S3(S3Settings.of(options)));
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
