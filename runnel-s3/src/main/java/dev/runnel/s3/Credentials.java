package dev.runnel.s3;

import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Finds the credentials: those of the configuration, of the environment, or whatever else Amazon's own chain finds. */
record Credentials(Map<String, String> environment) {
    AwsCredentialsProvider of(S3Connection connection) {
        if (connection.access().isPresent()) {
            S3Connection.AccessKey given = connection.access().get();
            return StaticCredentialsProvider.create(AwsBasicCredentials.create(given.id(), given.secret()));
        }
        Optional<String> id = variable("ACCESS_KEY_ID");
        Optional<String> secret = variable("SECRET_ACCESS_KEY");
        if (id.isEmpty() || secret.isEmpty()) {
            return DefaultCredentialsProvider.builder().build();
        }
        String token = environment.getOrDefault("AWS_SESSION_TOKEN", "");
        return StaticCredentialsProvider.create(
                token.isEmpty()
                        ? AwsBasicCredentials.create(id.get(), secret.get())
                        : AwsSessionCredentials.create(id.get(), secret.get(), token));
    }

    /** Litestream's own names count where Amazon's are not set. */
    private Optional<String> variable(String name) {
        return Optional.of(environment.getOrDefault("AWS_" + name, ""))
                .filter(value -> !value.isEmpty())
                .or(() -> Optional.of(environment.getOrDefault("LITESTREAM_" + name, "")))
                .filter(value -> !value.isEmpty());
    }
}
