using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Verification;

internal static class SecurityVectors
{
    public static CipherKey Key(JsonElement keys, SecuritySuite suite)
    {
        byte[] ek = Hex(keys, "ek");
        byte[] ak = keys.TryGetProperty("ak", out _) ? Hex(keys, "ak") : new byte[ek.Length];
        return new CipherKey(suite, ek, ak);
    }

    public static void Ciphered(VectorCheck check)
    {
        byte[] apdu = check.Hex("apdu");
        JsonElement keys = check.Has("keys") ? check.Vector.GetProperty("keys") : check.Vector.GetProperty("meaning").GetProperty("keys");
        if (!ProtectedApdu.TryRead(apdu, out ProtectedApdu read))
        {
            check.Require(holds: false, "ciphered APDU refused");
            return;
        }

        SystemTitle sender = Sender(check, keys);
        check.Equal("security control", check.Hex("security_control"), [read.Control.Octet]);
        byte[] counter = check.Has("invocation_counter") ? check.Hex("invocation_counter") : Hex(keys, "invocation_counter");
        check.Equal("invocation counter", BinaryPrimitives.ReadUInt32BigEndian(counter), read.Counter);
        bool general = read.Family is ProtectionFamily.GeneralGlobal or ProtectionFamily.GeneralDedicated;
        if (general) check.Equal("sender", sender.ToString(), read.Sender.ToString());

        using CipherKey key = Key(keys, read.Control.Suite);
        byte[] plain = new byte[apdu.Length];
        check.Require(key.TryUnprotect(read.Secured, sender, default, plain, out int size), "tag mismatch");
        check.Equal("plaintext", check.Hex("plaintext"), plain.AsSpan(0, size));
        ProtectAgain(check, key, read, sender, plain.AsSpan(0, size), apdu);
        if (read.Control.IsAuthenticated) RefusesFlippedBit(check, key, read, sender);
        check.Require(ApduTree.Decode(plain.AsSpan(0, size), PeerTolerance.None, new byte[apdu.Length], out _) is not null, "plaintext refused");
    }

    public static void GeneralCiphered(VectorCheck check)
    {
        byte[] apdu = check.Hex("apdu");
        JsonElement fields = check.Vector.GetProperty("fields");
        if (!GeneralCiphering.TryRead(apdu, out GeneralCiphering read))
        {
            check.Require(holds: false, "general-ciphering refused");
            return;
        }

        check.Equal("transaction", Hex(fields, "transaction_id"), read.Header.TransactionId);
        check.Equal("originator", Hex(fields, "originator"), read.Header.Originator);
        check.Equal("recipient", Hex(fields, "recipient"), read.Header.Recipient);
        check.Equal("security control and counter", [.. Hex(fields, "security_control"), .. Hex(fields, "invocation_counter")], read.Secured[..5]);
        var control = new SecurityControl(read.Secured[0]);
        using var key = new CipherKey(control.Suite, check.Hex("derived_key"), check.Hex("ak"));
        byte[] plain = new byte[apdu.Length];
        bool opened = read.TryUnprotect(key, plain, out int size);
        bool reproducible = !check.Vector.TryGetProperty("tag_reproduced", out JsonElement tag) || tag.GetBoolean();
        check.Require(opened == reproducible, opened ? "a tag that nobody could reproduce was taken" : "tag mismatch");
        if (!reproducible)
        {
            check.Require(SystemTitle.TryRead(read.Header.Originator, out SystemTitle sender), "originator is not a title");
            size = OpenWithoutTag(key, control, sender, read.Secured, plain);
        }

        check.Equal("plaintext", check.Hex("plaintext"), plain.AsSpan(0, size));
        check.Require(ApduTree.Decode(plain.AsSpan(0, size), PeerTolerance.None, new byte[apdu.Length + 16], out _) is not null, "plaintext refused");
    }

    public static void Hls5(VectorCheck check)
    {
        JsonElement keys = check.Vector.GetProperty("keys");
        var control = new SecurityControl(check.Hex("security_control")[0]);
        using CipherKey key = Key(keys, control.Suite);
        check.Require(SystemTitle.TryRead(Hex(keys, "system_title"), out SystemTitle prover), "no title");
        byte[] proof = check.Hex("f_challenge");
        byte[] tag = new byte[CipherKey.TagSize];
        key.ComputeGmac(control, prover, BinaryPrimitives.ReadUInt32BigEndian(Hex(keys, "invocation_counter")), check.Hex("challenge"), tag);
        check.Equal("tag", check.Hex("tag"), tag);
        var pass = new HlsPass { Challenge = check.Hex("challenge"), Prover = prover };
        check.Require(Hls.VerifyGmac(key, new ReceiveCounter(), pass, proof), "proof refused");
        proof[^1] ^= 1;
        check.Require(!Hls.VerifyGmac(key, new ReceiveCounter(), pass, proof), "a wrong proof was taken");
    }

    public static void Wrap(VectorCheck check)
    {
        byte[] wrapped = check.Hex("wrapped");
        byte[] key = new byte[wrapped.Length];
        check.Require(KeyWrap.TryUnwrap(check.Hex("kek"), wrapped, key, out int size), "integrity check failed");
        check.Equal("key", check.Hex("key"), key.AsSpan(0, size));
        byte[] again = new byte[check.Hex("key").Length + KeyWrap.Overhead];
        KeyWrap.Wrap(check.Hex("kek"), check.Hex("key"), again);
        check.Equal("wrapped", wrapped, again);
        wrapped[^1] ^= 1;
        check.Require(!KeyWrap.TryUnwrap(check.Hex("kek"), wrapped, key, out _), "a damaged key was taken");
    }

    public static void Ecdsa(VectorCheck check)
    {
        SecuritySuite suite = Suite(check);
        if (!Signatures.TryImport(suite, check.Hex("public_key"), out ECDsa? key))
        {
            check.Require(holds: false, "public key refused");
            return;
        }

        using (key)
        {
            byte[] signature = check.Hex("signature_r_s");
            check.Require(Signatures.Verify(suite, key!, check.Hex("data"), signature), "signature refused");
            signature[^1] ^= 1;
            check.Require(!Signatures.Verify(suite, key!, check.Hex("data"), signature), "a wrong signature was taken");
        }
    }

    public static void Agreement(VectorCheck check)
    {
        SecuritySuite suite = Suite(check);
        ECParameters parameters = Signatures.Point(suite, check.Hex("public_key"));
        parameters.D = check.Hex("private_key");
        using ECDiffieHellman own = ECDiffieHellman.Create(parameters);
        check.Require(KeyAgreement.TryAgree(suite, own, check.Hex("peer_public_key"), out byte[] secret), "peer's key refused");
        check.Equal("shared secret", check.Hex("shared_secret"), secret);

        Span<byte> algorithm = stackalloc byte[KeyAgreement.AlgorithmIdSize];
        KeyAgreement.WriteAlgorithmId(suite == SecuritySuite.Suite2 ? KeyAlgorithm.AesGcm256 : KeyAlgorithm.AesGcm128, algorithm);
        check.Equal("algorithm id", check.Hex("algorithm_id_normative"), algorithm);
        byte[] key = new byte[suite.KeySize()];
        KeyAgreement.Derive(suite, secret, algorithm, check.Hex("party_u"), check.Hex("party_v"), key);
        check.Equal("derived key", check.Hex("derived_key_normative"), key);
        if (!check.Has("derived_key_book")) return;
        KeyAgreement.Derive(suite, secret, check.Hex("algorithm_id_in_book"), check.Hex("party_u"), check.Hex("party_v"), key);
        check.Equal("derived key with the misprinted id", check.Hex("derived_key_book"), key);
    }

    private static int OpenWithoutTag(CipherKey key, SecurityControl control, SystemTitle sender, ReadOnlySpan<byte> secured, Span<byte> plain)
    {
        // The same key stream protects with and without a tag: take the tag off and say "encrypted only".
        byte[] untagged = secured[..^CipherKey.TagSize].ToArray();
        untagged[0] = SecurityControl.EncryptedOnly(control.Suite).Octet;
        _ = key.TryUnprotect(untagged, sender, default, plain, out int size);
        return size;
    }

    private static void ProtectAgain(VectorCheck check, CipherKey key, ProtectedApdu read, SystemTitle sender, ReadOnlySpan<byte> plain, byte[] apdu)
    {
        byte[] again = new byte[apdu.Length];
        var writer = new AxdrWriter(again);
        int secured = plain.Length + CipherKey.Overhead(read.Control);
        _ = ProtectedApdu.TryWriteHead(ref writer, read.Family, (byte)read.PlainTag, sender, secured);
        _ = key.Protect(read.Control, sender, read.Counter, default, plain, writer.Take(secured));
        check.Equal("protected again", apdu, again.AsSpan(0, writer.Position));
    }

    private static void RefusesFlippedBit(VectorCheck check, CipherKey key, ProtectedApdu read, SystemTitle sender)
    {
        byte[] damaged = read.Secured.ToArray();
        damaged[^1] ^= 1;
        check.Require(!key.TryUnprotect(damaged, sender, default, new byte[damaged.Length], out _), "a wrong tag was taken");
    }

    private static SystemTitle Sender(VectorCheck check, JsonElement keys)
    {
        string field = "system_title";
        if (check.Vector.TryGetProperty("direction", out JsonElement direction))
            field = string.Equals(direction.GetString(), "s2c", StringComparison.Ordinal) ? "server_system_title" : "client_system_title";
        check.Require(SystemTitle.TryRead(Hex(keys, field), out SystemTitle sender), "title is not eight octets");
        return sender;
    }

    private static SecuritySuite Suite(VectorCheck check) =>
        string.Equals(check.Vector.GetProperty("curve").GetString(), "P-384", StringComparison.Ordinal) ? SecuritySuite.Suite2 : SecuritySuite.Suite1;

    private static byte[] Hex(JsonElement parent, string field) => Convert.FromHexString(parent.GetProperty(field).GetString()!);
}
