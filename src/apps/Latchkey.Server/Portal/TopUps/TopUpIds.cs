using System.Security.Cryptography;

namespace Latchkey.Server.Portal.TopUps;

/// <summary>Makes the ids of purchases that start at the portal: 122 random bits, so that nobody can guess a neighbour's.</summary>
public static class TopUpIds
{
    public static Guid Next()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
