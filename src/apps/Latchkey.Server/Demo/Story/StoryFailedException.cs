namespace Latchkey.Server.Demo.Story;

/// <summary>Something that the story promises did not come true; the step it belongs to is told as failed.</summary>
public sealed class StoryFailedException : Exception
{
    public StoryFailedException(string message)
        : base(message)
    {
    }

    public StoryFailedException()
    {
    }

    public StoryFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
