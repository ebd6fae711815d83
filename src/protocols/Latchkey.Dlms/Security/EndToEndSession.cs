using System.Security.Cryptography;

namespace Latchkey.Dlms.Security;

/// <summary>Protects and opens general-ciphering between the two parties of a session, whose keys are named, wrapped or agreed per APDU.</summary>
/// <remarks>What comes under a wrapped or agreed key counts on its own counter per sender, so that an APDU that is recorded with its key cannot
/// be played back. Source: IEC 62056-5-3, General-Ciphering.</remarks>
internal sealed class EndToEndSession(CipherSession session, PublicKeys? keys, ReadOnlyMemory<byte> master, ReceiveCounter transported)
{
    private const byte OnePass = 1;
    private const byte Static = 2;

    /// <summary>Opens an APDU for this side. The counter is stored only when the tag was right.</summary>
    public UnprotectResult TryUnprotect(GeneralCiphering apdu, Span<byte> plain, out int size)
    {
        size = 0;
        bool ours = SystemTitle.TryRead(apdu.Header.Originator, out SystemTitle from) && from == session.Peer
            && SystemTitle.TryRead(apdu.Header.Recipient, out SystemTitle to) && to == session.Own;
        if (!ours) return UnprotectResult.NoKey;
        if (apdu.Secured.Length < CipherKey.HeaderSize + CipherKey.TagSize) return UnprotectResult.Malformed;
        var control = new SecurityControl(apdu.Secured[0]);
        if (!control.IsSupported || !control.IsAuthenticated || control.Suite != session.Suite) return UnprotectResult.NoKey;
        bool named = apdu.KeyKind is KeyInformation.None or KeyInformation.Identified;
        if (named && apdu.KeyId != (byte)KeySlot.GlobalUnicastEncryption) return UnprotectResult.NoKey;
        ReceiveCounter counters = named ? session.Receive : transported;
        uint counter = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(apdu.Secured[1..]);
        if (!counters.IsFresh(counter)) return UnprotectResult.CounterTooLow;
        CipherKey? key = named ? session.Global : Transported(apdu);
        if (key is null) return UnprotectResult.NoKey;
        bool opened = apdu.TryUnprotect(key, plain, out size);
        if (!named) key.Dispose();
        if (!opened || size == 0) return UnprotectResult.TagMismatch;
        counters.Accept(counter);
        return UnprotectResult.Success;
    }

    /// <summary>Writes an APDU for the other side; 0 when it does not fit or a key is missing.</summary>
    public int Protect(KeyInformation kind, SecurityControl control, ReadOnlySpan<byte> transaction, ReadOnlySpan<byte> plain, Span<byte> output)
    {
        Span<byte> own = stackalloc byte[SystemTitle.Size];
        Span<byte> peer = stackalloc byte[SystemTitle.Size];
        session.Own.Write(own);
        session.Peer.Write(peer);
        var header = new GeneralHeader { TransactionId = transaction, Originator = own, Recipient = peer };
        Span<byte> data = stackalloc byte[2 * 96];
        Span<byte> fresh = stackalloc byte[32];
        fresh = fresh[..session.Suite.KeySize()];
        int dataSize = kind switch
        {
            KeyInformation.Wrapped => Wrap(fresh, data),
            KeyInformation.Agreed => Agree(fresh, data),
            _ => 0,
        };
        if (kind is KeyInformation.Wrapped or KeyInformation.Agreed && dataSize == 0) return 0;
        CipherKey key = dataSize > 0 ? session.Global.WithEncryptionKey(fresh) : session.Global;
        CryptographicOperations.ZeroMemory(fresh);
        int written = session.Transmit.TryTake(out uint counter)
            ? new GeneralCiphering
            {
                Header = header, KeyKind = kind == KeyInformation.None ? KeyInformation.Identified : kind, KeyParameters = kind == KeyInformation.Agreed ? [OnePass] : default,
                KeyData = data[..dataSize],
            }.Write(key, control, counter, plain, output)
            : 0;
        if (dataSize > 0) key.Dispose();
        return written;
    }

    // The key that travels with an APDU, made whole with the authentication key that both sides hold; null where it cannot be had.
    private CipherKey? Transported(GeneralCiphering apdu)
    {
        Span<byte> key = stackalloc byte[40];
        int size = session.Suite.KeySize();
        bool found = apdu.KeyKind switch
        {
            KeyInformation.Wrapped => apdu.KeyId == 0 && !master.IsEmpty && KeyWrap.TryUnwrap(master.Span, apdu.KeyData, key, out int unwrapped) && unwrapped == size,
            KeyInformation.Agreed => TryAgreed(apdu, key[..size]),
            _ => false,
        };
        CipherKey? made = found ? session.Global.WithEncryptionKey(key[..size]) : null;
        CryptographicOperations.ZeroMemory(key);
        return made;
    }

    private bool TryAgreed(GeneralCiphering apdu, Span<byte> key)
    {
        if (keys is null || apdu.KeyParameters.Length != 1) return false;
        int point = session.Suite.PointSize();
        byte[] secret;
        switch (apdu.KeyParameters[0])
        {
            case OnePass:
                if (apdu.KeyData.Length != 2 * point || keys.SigningKeyOf(session.Peer) is not ECDsa signer) return false;
                if (!Signatures.Verify(session.Suite, signer, apdu.KeyData[..point], apdu.KeyData[point..])) return false;
                if (!keys.TryAgree(apdu.KeyData[..point], out secret)) return false;
                KeyAgreement.DeriveBetween(session.Suite, secret, KeySlot.GlobalUnicastEncryption, session.Peer, default, session.Own, key);
                break;
            case Static:
                ReadOnlySpan<byte> peer = keys.AgreementPointOf(session.Peer);
                ReadOnlySpan<byte> transaction = apdu.Header.TransactionId;
                if (!apdu.KeyData.IsEmpty || peer.IsEmpty || transaction.Length >= KeyAgreement.MaxNonce || !keys.TryAgree(peer, out secret)) return false;

                // Two static keys always share one secret: the transaction, with its length, makes the key of this APDU.
                Span<byte> nonce = stackalloc byte[KeyAgreement.MaxNonce];
                nonce[0] = (byte)transaction.Length;
                transaction.CopyTo(nonce[1..]);
                KeyAgreement.DeriveBetween(
                    session.Suite, secret, KeySlot.GlobalUnicastEncryption, session.Peer, nonce[..(1 + transaction.Length)], session.Own, key);
                break;
            default:
                return false;
        }

        CryptographicOperations.ZeroMemory(secret);
        return true;
    }

    private int Wrap(Span<byte> fresh, Span<byte> data)
    {
        if (master.IsEmpty) return 0;
        RandomNumberGenerator.Fill(fresh);
        int size = fresh.Length + KeyWrap.Overhead;
        KeyWrap.Wrap(master.Span, fresh, data[..size]);
        return size;
    }

    private int Agree(Span<byte> fresh, Span<byte> data)
    {
        if (keys?.Signing is not ECDsa signing) return 0;
        ReadOnlySpan<byte> peer = keys.AgreementPointOf(session.Peer);
        if (peer.IsEmpty) return 0;
        using ECDiffieHellman ephemeral = ECDiffieHellman.Create(Signatures.Curve(session.Suite));
        if (!KeyAgreement.TryAgree(session.Suite, ephemeral, peer, out byte[] secret)) return 0;
        KeyAgreement.DeriveBetween(session.Suite, secret, KeySlot.GlobalUnicastEncryption, session.Own, default, session.Peer, fresh);
        CryptographicOperations.ZeroMemory(secret);
        int size = session.Suite.PointSize();
        ECPoint point = ephemeral.ExportParameters(includePrivateParameters: false).Q;
        point.X!.CopyTo(data);
        point.Y!.CopyTo(data[(size / 2)..]);
        bool signed = signing.TrySignData(
            data[..size], data[size..], Signatures.Hash(session.Suite), DSASignatureFormat.IeeeP1363FixedFieldConcatenation, out int written);
        return signed && written == size ? 2 * size : 0;
    }
}
