package dev.runnel.age;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.exceptionfactory.jagged.bech32.Bech32;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys as text, and which of them are of use together. */
final class AgeKeysTest {
    /** A pair that age-keygen made. */
    private static final String IDENTITY = "AGE-SECRET-KEY-1CVRS97CJGCZLKU2QG6UV56W3PF3DCUAH7EXQLFYLL8NKPKEURP2SLP3HLH";

    private static final String RECIPIENT = "age12d4eewrul4x5ycryq592xqrhmmjghxpx5tcs77p5l9p3p4zq6q0skazflz";
    private static final String OTHER_RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

    @Test
    void keysReadAndPrintAsAgeKeygenDoes() throws AgeKeyException {
        Identity identity = Identity.parse(IDENTITY);
        assertThat(identity.recipient()).hasToString(RECIPIENT).isEqualTo(Recipient.parse(RECIPIENT));
        assertThat(identity.secretText()).isEqualTo(IDENTITY);
        assertThat(identity.toString()).doesNotContain("SECRET");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "age1",
                "/etc/age/identity.txt",
                "AGE-SECRET-KEY-1CVRS97CJGCZLKU2QG6UV56W3PF3DCUAH7EXQLFYLL8NKPKEURP2SLP3HLJ",
                "AGE-SECRET-KEY-1CVRS97CJGCZLKU2QG6UV56W3PF3DCUAH7EXQLFYLL8NKPKEURP2SLP3HL",
                "age-secret-key-1cvrs97cjgczlku2qg6uv56w3pf3dcuah7exqlfyll8nkpkeurp2slp3hlh",
                "AGE-SECRET-KEY-1CVRS97CJGCZLKU2QG6UV56W3PF3DCUAH7EXQLFYLL8NKPKEURP2SLP3HLh",
                RECIPIENT
            })
    void whatIsNoIdentityIsRefusedWithoutRepeatingIt(String text) {
        assertThatExceptionOfType(AgeKeyException.class)
                .isThrownBy(() -> AgeKeys.parse(List.of(text), List.of()))
                .withMessageNotContaining(text.isEmpty() ? "?" : text)
                .satisfies(e -> assertThat(e.nextStep()).contains("AGE-SECRET-KEY-1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "age12d4eewrul4x5ycryq592xqrhmmjghxpx5tcs77p5l9p3p4zq6q0skazflx",
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN",
                "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqn22v70",
                "age1"
            })
    void whatIsNoRecipientIsRefused(String text) {
        assertThatExceptionOfType(AgeKeyException.class)
                .isThrownBy(() -> AgeKeys.parse(List.of(IDENTITY), List.of(text)))
                .withMessageContaining(text);
    }

    @Test
    void aPointThatGivesEveryoneTheSameSecretIsNoRecipient() {
        String weak = Bech32.getEncoder().encode("age", new byte[32]).toString();
        assertThatExceptionOfType(AgeKeyException.class).isThrownBy(() -> Recipient.parse(weak));
    }

    @Test
    void identitiesHaveToOpenWhatIsWrittenUnlessThereAreNone() throws AgeKeyException {
        AgeKeys encryptOnly = AgeKeys.parse(List.of(), List.of(RECIPIENT));
        assertThat(encryptOnly.canWrite()).isTrue();
        assertThat(encryptOnly.canRead()).isFalse();
        assertThatExceptionOfType(AgeKeyException.class)
                .isThrownBy(() -> AgeKeys.parse(List.of(), List.of()))
                .withMessage("there is no age key");
        assertThatExceptionOfType(AgeKeyException.class)
                .isThrownBy(() -> AgeKeys.parse(List.of(IDENTITY), List.of(OTHER_RECIPIENT)))
                .withMessageContaining("none of the age identities")
                .satisfies(e -> assertThat(e.nextStep()).contains(RECIPIENT, "only to encrypt"));
        assertThat(AgeKeys.parse(List.of(IDENTITY), List.of(OTHER_RECIPIENT, RECIPIENT))
                        .canWrite())
                .isTrue();
        assertThat(AgeKeys.parse(List.of(IDENTITY), List.of()).canWrite()).isFalse();
    }

    @Test
    void upperCaseRecipientIsRefusedAsAgeDoes() {
        assertThatExceptionOfType(AgeKeyException.class)
                .isThrownBy(() -> Recipient.parse(RECIPIENT.toUpperCase(Locale.ROOT)));
    }
}
