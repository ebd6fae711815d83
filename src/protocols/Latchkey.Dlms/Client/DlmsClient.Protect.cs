using System.Buffers.Binary;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Client;

public sealed partial class DlmsClient
{
    private const int TransactionSize = 8;
    private readonly byte[] _transaction = new byte[TransactionSize];

    private int Protect(ReadOnlySpan<byte> plain, Span<byte> output)
    {
        if (_session is null) return plain.Length > ServerMaxPdu ? 0 : Copy(plain, output);
        ProtectionFamily family = _options.Family;
        BinaryPrimitives.WriteUInt64BigEndian(_transaction, _session.Transmit.Next);
        if (_options.Signs) plain = Sign(plain);
        if (plain.IsEmpty) return 0;
        if (family == ProtectionFamily.EndToEnd && _endToEnd is not null)
            return Within(_endToEnd.Protect(_options.KeyKind, Control, _transaction, plain, output));

        // What has no tag of its own goes out under a general one.
        if (!ProtectedApdu.HasServiceTag(plain[0]) && family == ProtectionFamily.ServiceGlobal) family = ProtectionFamily.GeneralGlobal;
        if (!ProtectedApdu.HasServiceTag(plain[0]) && family == ProtectionFamily.ServiceDedicated) family = ProtectionFamily.GeneralDedicated;
        return Within(_session.Protect(family, Control, plain, output));
    }

    private int Within(int size) => size > (_blocking ? int.MaxValue : ServerMaxPdu) ? 0 : size;

    private ReadOnlySpan<byte> Sign(ReadOnlySpan<byte> plain)
    {
        if (_options.PublicKeys?.Signing is not { } key) return default;
        Span<byte> own = stackalloc byte[SystemTitle.Size];
        Span<byte> peer = stackalloc byte[SystemTitle.Size];
        _options.Title.Write(own);
        _serverTitle.Write(peer);
        var signing = new GeneralSigning
        {
            Header = new GeneralHeader { TransactionId = _transaction, Originator = own, Recipient = peer }, Content = plain,
        };
        return _signed.AsSpan(0, signing.Write(_session!.Suite, key, _signed));
    }

    private bool TryOpen(ReadOnlySpan<byte> apdu, out int size, out ClientStep refused)
    {
        refused = ClientStep.Failed;
        size = 0;
        if (_session is null)
        {
            size = Copy(apdu, _plain);
            if (size == 0) Fail(ClientFailureKind.Malformed);
            return size > 0;
        }

        UnprotectResult result = Unprotect(apdu, out bool authenticated, out size);

        // An answer that comes twice has an old counter; it is not a fault of the one under way.
        if (result == UnprotectResult.CounterTooLow) refused = ClientStep.Ignored;
        else if (result != UnprotectResult.Success) refused = Fail(ClientFailureKind.Protection, (int)result);
        if (result != UnprotectResult.Success) return false;
        if (authenticated && TryTakeSignature(ref size)) return true;
        refused = Fail(ClientFailureKind.Protection, (int)UnprotectResult.ContentMismatch);
        return false;
    }

    private UnprotectResult Unprotect(ReadOnlySpan<byte> apdu, out bool authenticated, out int size)
    {
        (authenticated, size) = (true, 0);
        if (apdu[0] == GeneralCiphering.Tag)
        {
            if (!GeneralCiphering.TryRead(apdu, out GeneralCiphering endToEnd) || _endToEnd is null) return UnprotectResult.Malformed;

            // The answer names the transaction that it belongs to.
            if (!endToEnd.Header.TransactionId.SequenceEqual(_transaction)) return UnprotectResult.CounterTooLow;
            return _endToEnd.TryUnprotect(endToEnd, _plain, out size);
        }

        if (!ProtectedApdu.TryRead(apdu, out ProtectedApdu read) && !TryReadMistagged(apdu, out read)) return UnprotectResult.Malformed;
        authenticated = read.Control.IsAuthenticated;
        return _session!.TryUnprotect(read, _plain, out size);
    }

    // A ciphered exception under the tag of a general block.
    private bool TryReadMistagged(ReadOnlySpan<byte> apdu, out ProtectedApdu read)
    {
        read = default;
        if (!_options.Tolerance.Has(PeerTolerance.ExceptionAsBlock) || apdu[0] != (byte)ApduTag.GeneralBlockTransfer) return false;
        var reader = new AxdrReader(apdu[1..]);
        if (!reader.TryReadOctetString(out ReadOnlySpan<byte> secured) || !reader.AtEnd || secured.Length < CipherKey.HeaderSize + CipherKey.TagSize) return false;
        read = new ProtectedApdu { Family = ProtectionFamily.ServiceGlobal, PlainTag = ApduTag.ExceptionResponse, Secured = secured };
        return true;
    }

    // A client that signs takes nothing unsigned, but for an exception.
    private bool TryTakeSignature(ref int size)
    {
        ReadOnlySpan<byte> plain = _plain.AsSpan(0, size);
        if (plain[0] != GeneralSigning.Tag) return !_options.Signs || plain[0] == (byte)ApduTag.ExceptionResponse;
        bool holds = GeneralSigning.TryRead(plain, out GeneralSigning read) && !read.Content.IsEmpty
            && SystemTitle.TryRead(read.Header.Originator, out SystemTitle from) && from == _serverTitle
            && _options.PublicKeys?.SigningKeyOf(_serverTitle) is { } key && read.IsSignedBy(_session!.Suite, key);
        if (!holds) return false;
        size = read.Content.Length;
        read.Content.CopyTo(_plain);
        return true;
    }
}
