# wrong: which of your types knows where an id begins and where it ends?
@router.get("/{user_id}", response_model=UserOut)
async def get_user(user_id: int, session: Session) -> User:
    """Show one user."""
    user = await session.get(User, user_id)
    if user is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    return user
