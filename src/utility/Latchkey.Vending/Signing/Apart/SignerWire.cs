using Latchkey.Ledger;
using Latchkey.Sts;

namespace Latchkey.Vending.Apart;

/// <summary>Requests and answers as bytes: fixed order of fields, one encoding for each content, and a result for any bytes whatever.</summary>
public static partial class SignerWire
{
    /// <summary>In one request; a signer's client divides what is more.</summary>
    public const int MaxOrders = 256;

    /// <summary>In one answer; a signer's client asks for the next page.</summary>
    public const int MaxKeys = 512;

    private const int MaxTokens = 4;
    private const int MaxText = 512;

    public static (byte Kind, byte[] Payload) Encode(SignerRequest request)
    {
        var to = new PackedWriter(stackalloc byte[1024]);
        byte kind = request switch
        {
            SignerRequest.Hello => 1,
            SignerRequest.Sign sign => WriteOrders(ref to, sign),
            SignerRequest.SignManagement management => WriteManagement(ref to, management),
            SignerRequest.SignKeyChange change => WriteKeyChange(ref to, change),
            SignerRequest.Cancel cancel => WriteCancel(ref to, cancel),
            SignerRequest.Stop stop => WriteStop(ref to, stop),
            SignerRequest.Reconcile => 7,
            SignerRequest.Keys keys => WriteAfter(ref to, keys),
            SignerRequest.Signed signed => WriteSigned(ref to, signed),
            _ => throw new System.Diagnostics.UnreachableException(request.GetType().Name),
        };
        return (kind, to.Written.ToArray());
    }

    /// <summary>False for anything that <see cref="Encode(SignerRequest)"/> does not write.</summary>
    public static bool TryDecode(byte kind, ReadOnlySpan<byte> payload, out SignerRequest? request) => Try(
        kind, payload, Encode, static (byte k, ref PackedReader from) => k switch
        {
            1 => new SignerRequest.Hello(),
            2 => ReadOrders(ref from),
            3 => ReadManagement(ref from),
            4 => ReadKeyChange(ref from),
            5 => new SignerRequest.Cancel(ReadId(ref from), ReadId(ref from)),
            6 => new SignerRequest.Stop(ReadText(ref from), ReadText(ref from)),
            7 => new SignerRequest.Reconcile(),
            8 => new SignerRequest.Keys(ReadText(ref from)),
            9 => ReadSigned(ref from),
            _ => throw new FormatException("No such request."),
        },
        out request);

    private delegate T Reading<out T>(byte kind, ref PackedReader from);

    private static bool Try<T>(byte kind, ReadOnlySpan<byte> payload, Func<T, (byte Kind, byte[] Payload)> encode, Reading<T> read, out T? message)
        where T : class
    {
        message = null;
        try
        {
            var from = new PackedReader(payload);
            T found = read(kind, ref from);

            // A number may be written in more bytes than it needs; what is not written as we write it is not ours.
            if (from.AtEnd && payload.SequenceEqual(encode(found).Payload)) message = found;
            return message is not null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
        {
            return false;
        }
    }

    private static byte WriteCancel(ref PackedWriter to, SignerRequest.Cancel cancel)
    {
        WriteId(ref to, cancel.OrderId);
        WriteId(ref to, cancel.EntryId);
        return 5;
    }

    private static byte WriteStop(ref PackedWriter to, SignerRequest.Stop stop)
    {
        to.Text(stop.KeyId);
        to.Text(stop.Reason.Length <= MaxText ? stop.Reason : stop.Reason[..MaxText]);
        return 6;
    }

    private static byte WriteAfter(ref PackedWriter to, SignerRequest.Keys keys)
    {
        to.Text(keys.After);
        return 8;
    }

    private static byte WriteSigned(ref PackedWriter to, SignerRequest.Signed signed)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(signed.Orders.Count, MaxOrders);
        to.Integer(signed.Orders.Count);
        foreach (Guid order in signed.Orders) WriteId(ref to, order);
        return 9;
    }

    private static SignerRequest.Signed ReadSigned(ref PackedReader from)
    {
        var orders = new Guid[from.Count(MaxOrders)];
        for (int i = 0; i < orders.Length; i++) orders[i] = ReadId(ref from);
        return new SignerRequest.Signed(orders);
    }

    private static void WriteId(ref PackedWriter to, Guid id) => to.Bytes(id.ToByteArray(bigEndian: true));

    private static Guid ReadId(ref PackedReader from) => new(from.Bytes(), bigEndian: true);

    private static string ReadText(ref PackedReader from) => from.Text() is { Length: <= MaxText } text ? text : throw new FormatException("A text is too long.");

    private static void WriteEntry(ref PackedWriter to, HeldEntry entry)
    {
        WriteId(ref to, entry.EntryId);
        to.Bytes(entry.Hash.ToArray());
    }

    private static HeldEntry ReadEntry(ref PackedReader from) => new(ReadId(ref from), new ChainHash(from.Bytes()));

    private static TokenIdentifier ReadTid(ref PackedReader from) => TokenIdentifier.FromMinutes(checked((uint)from.Integer()));

    /// <summary>As the store reads it, and held to members that exist: these bytes come over a line.</summary>
    private static DecoderKeyAttributes ReadKey(ref PackedReader from)
    {
        DecoderKeyAttributes key = SaleTermsCodec.ReadKey(ref from);
        return Enum.IsDefined(key.KeyType) && Enum.IsDefined(key.Algorithm) ? key : throw new FormatException("No such kind of key.");
    }
}
