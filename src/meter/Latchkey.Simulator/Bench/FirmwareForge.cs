using System.Buffers.Binary;
using System.Security.Cryptography;
using Latchkey.Meter.Update;

namespace Latchkey.Simulator.Bench;

/// <summary>A maker of firmware images for the bench, with a key made for the occasion that protects nothing.</summary>
internal sealed class FirmwareForge : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public FirmwareForge()
    {
        ECParameters made = _key.ExportParameters(includePrivateParameters: false);
        Key = FirmwareKey.TryCreate([.. made.Q.X!, .. made.Q.Y!], out FirmwareKey? key) ? key! : throw new InvalidOperationException("A made key is a point.");
    }

    /// <summary>What a meter of this maker knows.</summary>
    public FirmwareKey Key { get; }

    public static uint Version(int major, int minor, int patch) => (uint)((major << 16) | (minor << 8) | patch);

    /// <summary>A signed image with a body counted up from a seed.</summary>
    public byte[] Image(uint version, int bodyLength = 3_000, ImageKind kind = ImageKind.Application, ushort model = 0, int seed = 1)
    {
        byte[] image = new byte[ImageHeader.Length + bodyLength];
        var chance = new Random(seed);
        chance.NextBytes(image.AsSpan(ImageHeader.Length));
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(ImageHeader.Length), version);
        var header = new ImageHeader(kind, model, version, (uint)bodyLength, SHA256.HashData(image.AsSpan(ImageHeader.Length)), ReadOnlyMemory<byte>.Empty);
        header.WriteSigned(image);
        _key.SignData(image.AsSpan(0, ImageHeader.SignedLength), HashAlgorithmName.SHA256).CopyTo(image, ImageHeader.SignedLength);
        return image;
    }

    public void Dispose() => _key.Dispose();
}
